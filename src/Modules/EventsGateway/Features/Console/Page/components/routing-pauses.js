import { api, call, get, post, query } from '../app/api.js';
import { announce, button, card, el, note, refill } from '../app/dom.js';
import { refresh } from '../app/refresh.js';
import { age } from '../app/time.js';
import { confirm } from './confirm.js';

const scopeOf = merchantId => merchantId ? `merchant ${merchantId}` : 'all merchants';
const pausedText = latest => latest.health.checks.find(({ name }) => name === 'worker')?.status;

/** Pauses and resumes the calls to the routing service. */
export function routingPauses() {
  const merchant = el('input', { name: 'pausedMerchant', autocomplete: 'off', spellcheck: 'false', maxlength: 256 });
  const state = el('div', { class: 'state' });
  const list = el('div', { class: 'stack' });

  async function load() {
    draw(await get(`${api}/pauses`).catch(() => ({ items: [] })));
  }

  function draw({ items }) {
    refill(list, items.map(({ merchantId, since, by }) => el('div', { class: 'buttons' },
      el('span', {}, `Paused: ${scopeOf(merchantId)}, by ${by}, `, age(since)),
      button('Resume', () => change('DELETE', merchantId), { 'aria-label': `Resume ${scopeOf(merchantId)}` }))));
  }

  async function pause() {
    const merchantId = merchant.value.trim();
    const question = `Events of ${scopeOf(merchantId)} wait until routing is resumed. Ingest stays open.`;
    if (await confirm('Pause routing', question, 'Pause')) await change('POST', merchantId);
  }

  async function change(method, merchantId) {
    try {
      const pauses = method === 'POST' ? await post(`${api}/pauses`, merchantId ? { merchantId } : {})
        : await call(method, `${api}/pauses${query({ merchantId })}`);
      state.replaceChildren();
      document.activeElement?.blur();
      draw(pauses);
      announce(method === 'POST' ? 'Routing paused' : 'Routing resumed');
    } catch (fault) {
      state.replaceChildren(note('bad', fault.message));
    }
  }

  return {
    node: card('Pause routing', {}, el('div', { class: 'lookup' },
      el('label', {}, 'Merchant; empty for all', merchant), button('Pause routing', pause)), state, list),
    dispose: refresh(load, pausedText, 1000),
  };
}
