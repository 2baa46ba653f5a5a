import { api, get, may, query } from '../app/api.js';
import { announce, button, el, link, note } from '../app/dom.js';
import { count, number } from '../app/labels.js';
import { hash } from '../app/route.js';
import { pauseRouting } from './routing-pauses.js';

/** Whose events a group of failures has, with a list and a pause of each merchant and source. It is read when it is opened. */
export function failureShares(filter) {
  const content = el('div', { class: 'stack' });
  const state = el('div', { class: 'state' });

  async function load() {
    try {
      const found = await get(`${api}/failures/shares${query(filter)}`);
      content.replaceChildren(
        el('p', { class: 'muted' }, `Of the newest ${count(found.counted, 'event')}:`),
        el('ul', { class: 'shares' },
          found.sources.map(one => row(`source ${one.source}`, one.count, { source: one.source })),
          found.merchants.map(({ merchantId, source, count: amount }) => row(
            merchantId ? `merchant ${merchantId} of ${source}` : `no merchant, of ${source}`, amount, { source, merchantId }))));
    } catch (fault) {
      content.replaceChildren(note('warn', fault.message));
    }
  }

  const row = (name, amount, scope) => el('li', {},
    el('b', {}, number(amount)), el('span', {}, name),
    link(hash('events', { status: 'failed', ...filter, ...scope }), 'List', { 'aria-label': `List ${name}` }),
    scope.merchantId !== '' && may('admin') && button('Pause', () => pause(name, scope),
      { class: 'small', 'aria-label': `Pause ${name}` }));

  async function pause(name, scope) {
    try {
      if (!await pauseRouting(scope)) return;
      const text = `Routing of ${name} is paused. Resume it on the overview.`;
      state.replaceChildren(note('good', text));
      announce(text);
    } catch (fault) {
      state.replaceChildren(note('bad', fault.message));
    }
  }

  const node = el('details', { class: 'full-width evidence', ontoggle: () => { if (node.open) load(); } },
    el('summary', {}, 'By source and merchant'), state, content);
  return node;
}
