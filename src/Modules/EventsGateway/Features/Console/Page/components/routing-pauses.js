import { api, call, get, may, post, query } from '../app/api.js';
import { announce, button, card, el, note, refill } from '../app/dom.js';
import { refresh } from '../app/refresh.js';
import { age } from '../app/time.js';
import { confirm } from './confirm.js';

const scopeOf = ({ source, merchantId }) =>
  [merchantId && `merchant ${merchantId}`, source && `source ${source}`].filter(Boolean).join(' of ') || 'all merchants';
const pausedText = latest => latest.health.checks.find(({ name }) => name === 'worker')?.status;

/** Pauses and resumes the calls to the routing service. */
export function routingPauses() {
  const field = name => el('input', { name, autocomplete: 'off', spellcheck: 'false', maxlength: 256 });
  const [source, merchant] = [field('pausedSource'), field('pausedMerchant')];
  const state = el('div', { class: 'state' });
  const list = el('div', { class: 'stack' });

  async function load() {
    draw(await get(`${api}/pauses`).catch(() => ({ items: [] })));
  }

  function draw({ items }) {
    refill(list, items.map(pause => el('div', { class: 'buttons' },
      el('span', {}, `Paused: ${scopeOf(pause)}, by ${pause.by}, `, age(pause.since)),
      may('admin') && button('Resume', () => change('DELETE', pause), { 'aria-label': `Resume ${scopeOf(pause)}` }))));
  }

  async function pause() {
    const scope = { source: source.value.trim() || null, merchantId: merchant.value.trim() || null };
    const question = `Events of ${scopeOf(scope)} wait until routing is resumed. Ingest stays open.`;
    if (await confirm('Pause routing', question, 'Pause')) await change('POST', scope);
  }

  async function change(method, { source, merchantId }) {
    try {
      const scope = { source, merchantId };
      const pauses = method === 'POST' ? await post(`${api}/pauses`, scope) : await call(method, `${api}/pauses${query(scope)}`);
      state.replaceChildren();
      document.activeElement?.blur();
      draw(pauses);
      announce(method === 'POST' ? 'Routing paused' : 'Routing resumed');
    } catch (fault) {
      state.replaceChildren(note('bad', fault.message));
    }
  }

  return {
    node: card('Pause routing', {}, may('admin') && el('div', { class: 'lookup' },
      el('label', {}, 'Source; empty for all', source), el('label', {}, 'Merchant; empty for all', merchant),
      button('Pause routing', pause)), state, list),
    dispose: refresh(load, pausedText, 1000),
  };
}
