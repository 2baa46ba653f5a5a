import { api, get } from '../app/api.js';
import { el, link, note } from '../app/dom.js';
import { reasonText } from '../app/labels.js';
import { refresh, rejectionCounts } from '../app/refresh.js';
import { hash } from '../app/route.js';
import { rejection } from '../components/rejection-details.js';

const limit = 200;
const pageSize = 50;

export function rejected(filter) {
  const reasons = el('nav', { class: 'chips', 'aria-label': 'Reasons' });
  const state = el('div', { class: 'state' });
  const list = el('div', { class: 'stack' });
  const shown = new Map();
  const one = ['eventId', 'requestId'].find(name => filter[name]);

  async function load() {
    try {
      const { items, fault } = await get(`${api}/rejections?limit=${limit}`);
      state.replaceChildren(...fault ? [note('warn', `Those of other processes are unknown: ${fault}`)] : []);
      draw(items);
    } catch (fault) {
      state.replaceChildren(note('warn', fault.message));
    }
  }

  function draw(items) {
    const amounts = new Map();
    for (const { reason } of items) amounts.set(reason, (amounts.get(reason) ?? 0) + 1);
    const found = items.filter(item => one && item[one] === filter[one]);
    reasons.replaceChildren(
      chip('All', items.length, {}, !filter.reason && !one),
      one ? chip(one === 'eventId' ? 'One event' : 'One request', found.length, { [one]: filter[one] }, true) : '',
      ...[...amounts].map(([reason, amount]) => chip(reasonText(reason), amount, { reason }, reason === filter.reason)));
    const chosen = (one ? found : items)
      .filter(item => !filter.reason || item.reason === filter.reason).slice(0, pageSize);
    const keys = chosen.map(item => JSON.stringify(item));
    for (const [key, node] of shown) if (!keys.includes(key)) { node.remove(); shown.delete(key); }
    // Nodes are kept, so that an open one stays open.
    chosen.forEach((item, at) => {
      if (!shown.has(keys[at])) shown.set(keys[at], rejection(item, one != null));
      const node = shown.get(keys[at]);
      if (list.children[at] !== node) list.insertBefore(node, list.children[at] ?? null);
    });
    const matching = filter.reason || one ? 'matching ' : '';
    if (chosen.length === 0) state.append(el('p', { class: 'empty' },
      `No ${matching}rejected requests. A process keeps the last ${limit} since its start.`));
  }

  return {
    title: 'Rejected requests', dispose: refresh(load, rejectionCounts, 2000),
    node: el('div', { class: 'stack' }, el('h1', {}, 'Rejected requests'),
      el('p', { class: 'muted' }, 'Requests that were answered 4xx or 503, and conflicts: answered 202, but the event ID was '
        + 'accepted before with a different body. Secrets, signatures, header values and bodies are not stored.'),
      reasons, state, list),
  };
}

const chip = (title, amount, filter, isChosen) =>
  link(hash('rejected', filter), `${title} ${amount}`, { class: 'as-button', 'aria-current': isChosen ? 'true' : null });
