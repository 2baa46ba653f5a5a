import { api, get } from '../app/api.js';
import { card, el, link, note } from '../app/dom.js';
import { eventNumbers, failureNumbers, refresh, rejectionNumbers } from '../app/refresh.js';
import { eventHash, hash } from '../app/route.js';
import { age } from '../app/time.js';
import { adviceText, number, outcomeText, reasonText, statusKind, typeText } from '../app/words.js';
import { badge } from './marks.js';

const latest = 8;
// Two lines each: as high as the events beside them.
const largest = 5;

/** Latest events, latest rejections, largest groups of failures: each leads to its view. */
export function glances() {
  const all = [
    glance('Latest events', hash('events'), `${api}/events?limit=${latest}`, eventLine, 'No event has come yet.', eventNumbers, 2000),
    glance('Top failures', hash('failed'), `${api}/failures`, groupLine, 'No failed events.', failureNumbers, 4000),
    glance('Latest rejected requests', hash('rejected'), `${api}/rejections?limit=${largest}`, rejectionLine, 'No request was rejected since the start of this process.', rejectionNumbers, 2000),
  ];
  return { node: el('div', { class: 'glances' }, all.map(one => one.node)), dispose() { for (const one of all) one.dispose(); } };
}

function glance(title, href, path, line, nothing, watched, pause) {
  const list = el('ul', { class: 'lines' });
  const state = el('div');
  let drawn = '';
  const load = async () => {
    try {
      const answer = await get(path);
      const items = answer.items ?? answer.groups.slice(0, largest);
      const now = JSON.stringify(items);
      if (now === drawn) return;
      drawn = now;
      state.replaceChildren(...items.length ? [] : [el('p', { class: 'soft' }, nothing)]);
      list.replaceChildren(...items.map(item => el('li', {}, line(item))));
    } catch (fault) {
      drawn = '';
      state.replaceChildren(note('warn', fault.message));
    }
  };
  const node = card(title, { class: 'glance' }, link(href, `All ${title.replace(/^\S+ /, '')}`, { class: 'more' }), state, list);
  return { node, dispose: refresh(load, watched, pause) };
}

const eventLine = event => [
  badge(statusKind(event.status), event.status),
  el('span', { class: 'main' }, link(eventHash(event.key), event.eventId ?? event.key),
    el('span', { class: 'soft' }, ` ${[typeText(event.type), event.shippingCompanyId, event.shipmentId].filter(Boolean).join(', ')}`)),
  el('span', { class: 'soft end' }, age(event.receivedAt)),
];

const groupLine = group => [
  el('b', { class: 'amount' }, number(group.count)),
  el('span', { class: 'main' }, link(hash('failed', { outcome: group.outcome, lastError: group.error }), outcomeText(group.outcome)),
    el('div', { class: 'soft' }, group.error ?? adviceText(group.outcome))),
  el('span', { class: 'soft end' }, el('div', {}, 'received '), age(group.newestReceivedAt)),
];

const rejectionLine = rejection => [
  el('b', { class: 'amount' }, rejection.status),
  el('span', { class: 'main' }, link(hash('rejected', { reason: rejection.reason }), reasonText(rejection.reason)),
    el('span', { class: 'soft' }, ` from ${rejection.shippingCompanyId ?? rejection.remoteAddress ?? 'an unknown address'}`),
    el('div', { class: 'soft' }, rejection.hint ?? rejection.message)),
  el('span', { class: 'soft end' }, age(rejection.at)),
];
