import { api, call, get, may, post, query } from '../app/api.js';
import { announce, button, card, el, note, refill } from '../app/dom.js';
import { refresh } from '../app/refresh.js';
import { age } from '../app/time.js';
import { confirm } from './confirm.js';

const scopeOf = ({ source, merchantId }) =>
  [merchantId && `merchant ${merchantId}`, source && `source ${source}`].filter(Boolean).join(' of ') || 'all merchants';
/** Pauses the calls for a source, a merchant or both after a confirmation; the pauses now, null if it was not confirmed. */
export async function pauseRouting(scope) {
  const question = `Events of ${scopeOf(scope)} wait until routing is resumed. Ingest stays open.`;
  return await confirm('Pause routing', question, 'Pause') ? post(`${api}/pauses`, scope) : null;
}

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
      may('admin') && button('Resume', () => resume(pause), { 'aria-label': `Resume ${scopeOf(pause)}` }))));
  }

  const resume = ({ source, merchantId }) =>
    change(() => call('DELETE', `${api}/pauses${query({ source, merchantId })}`), 'Routing resumed');

  async function pause() {
    const scope = { source: source.value.trim() || null, merchantId: merchant.value.trim() || null };
    await change(() => pauseRouting(scope), 'Routing paused');
  }

  async function change(send, done) {
    try {
      const pauses = await send();
      if (!pauses) return;
      state.replaceChildren();
      document.activeElement?.blur();
      draw(pauses);
      announce(done);
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
