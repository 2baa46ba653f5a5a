import { api, get } from '../app/api.js';
import { card, el, link, note } from '../app/dom.js';
import { adviceText, number, outcomeText, reasonText, statusKind, typeText } from '../app/labels.js';
import { eventCounts, failureCounts, refresh, rejectionCounts } from '../app/refresh.js';
import { eventHash, hash } from '../app/route.js';
import { age } from '../app/time.js';
import { badge } from './icons.js';

const eventLimit = 8;
// These have two lines each: the three cards get the same height.
const limit = 5;

/** Latest events, largest failure groups, latest rejected requests, each with a link to its view. */
export function summaryCards() {
  const all = [
    summaryCard({
      title: 'Latest events', href: hash('events'), path: `${api}/events?limit=${eventLimit}`, line: eventLine,
      empty: 'No events yet.', watched: eventCounts, interval: 2000,
    }),
    summaryCard({
      title: 'Top failures', href: hash('failed'), path: `${api}/failures`, line: groupLine,
      empty: 'No failed events.', watched: failureCounts, interval: 4000,
    }),
    summaryCard({
      title: 'Latest rejected requests', href: hash('rejected'), path: `${api}/rejections?limit=${limit}`, line: rejectionLine,
      empty: 'No rejected requests.', watched: rejectionCounts, interval: 2000,
    }),
  ];
  return {
    node: el('div', { class: 'summary-cards' }, all.map(one => one.node)),
    dispose() { for (const one of all) one.dispose(); },
  };
}

function summaryCard({ title, href, path, line, empty, watched, interval }) {
  const list = el('ul', { class: 'summary-list' });
  const state = el('div');
  let drawn = '';
  const load = async () => {
    try {
      const response = await get(path);
      const items = response.items ?? response.groups.slice(0, limit);
      const current = JSON.stringify(items);
      if (current === drawn) return;
      drawn = current;
      state.replaceChildren(...items.length ? [] : [el('p', { class: 'muted' }, empty)]);
      list.replaceChildren(...items.map(item => el('li', {}, line(item))));
    } catch (fault) {
      drawn = '';
      state.replaceChildren(note('warn', fault.message));
    }
  };
  const allLink = link(href, `All ${title.replace(/^\S+ /, '')}`, { class: 'more' });
  return { node: card(title, { class: 'summary-card' }, allLink, state, list), dispose: refresh(load, watched, interval) };
}

const eventLine = event => [
  badge(statusKind(event.status), event.status),
  el('span', { class: 'main' }, link(eventHash(event.key), event.eventId ?? event.key),
    el('span', { class: 'muted' },
      ` ${[typeText(event.type), event.shippingCompanyId, event.shipmentId].filter(Boolean).join(', ')}`)),
  el('span', { class: 'muted end' }, age(event.receivedAt)),
];

const groupLine = group => [
  el('b', { class: 'amount' }, number(group.count)),
  el('span', { class: 'main' },
    link(hash('failed', { outcome: group.outcome, lastError: group.error }), outcomeText(group.outcome)),
    el('div', { class: 'muted' }, group.error ?? adviceText(group.outcome))),
  el('span', { class: 'muted end' }, el('div', {}, 'received '), age(group.newestReceivedAt)),
];

const rejectionLine = rejection => [
  el('b', { class: 'amount' }, rejection.status),
  el('span', { class: 'main' }, link(hash('rejected', { reason: rejection.reason }), reasonText(rejection.reason)),
    el('span', { class: 'muted' }, ` from ${rejection.shippingCompanyId ?? rejection.remoteAddress ?? 'an unknown address'}`),
    el('div', { class: 'muted' }, rejection.hint ?? rejection.message)),
  el('span', { class: 'muted end' }, age(rejection.at)),
];
