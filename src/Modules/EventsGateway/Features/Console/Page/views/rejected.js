import { api, get } from '../app/api.js';
import { copyButton, el, link, note } from '../app/dom.js';
import { bytes, count, reasonText, sentence } from '../app/labels.js';
import { refresh, rejectionCounts } from '../app/refresh.js';
import { eventHash, hash } from '../app/route.js';
import { age, time, utcText } from '../app/time.js';
import { isConflict, keyOfRejection } from '../components/rejection-notice.js';

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
      const { items } = await get(`${api}/rejections?limit=${limit}`);
      state.replaceChildren();
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
    if (chosen.length === 0) state.replaceChildren(el('p', { class: 'empty' },
      `No ${matching}rejected requests. This process keeps the last ${limit} since its start.`));
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

// A conflict links to the event that was accepted.
const eventOf = item => isConflict(item) && keyOfRejection(item)
  ? link(eventHash(keyOfRejection(item)), item.eventId) : item.eventId;

function rejection(item, isOpen) {
  const fields = Object.entries(item.fields ?? {});
  const row = (title, value) => value == null || value === '' ? [] : [el('dt', {}, title), el('dd', {}, value)];
  const summary = fields.length ? fields.flatMap(([, errors]) => errors).join('; ') : item.hint ?? item.message ?? '';
  return el('details', { class: 'card', 'data-reason': item.reason, open: isOpen },
    el('summary', {}, el('span', { class: 'status' }, item.status), time(item.at),
      el('span', { class: 'reason' }, el('b', {}, reasonText(item.reason)), el('span', { class: 'muted' }, ` ${summary}`)),
      el('span', { class: 'muted' }, item.shippingCompanyId ?? item.remoteAddress ?? ''),
      el('span', { class: 'muted' }, age(item.at))),
    el('div', { class: 'details-body' },
      item.hint && el('p', {}, sentence(item.hint)),
      el('dl', { class: 'properties' },
        fields.map(([name, errors]) => row(name, errors.join('; '))),
        row('Response', `${item.status}: ${item.message}`), row('Shipping company', item.shippingCompanyId),
        row('Event ID', eventOf(item)), row('Request ID', item.requestId),
        row('Remote address', item.remoteAddress), row('Content type', item.contentType),
        row('Body', item.bodyBytes == null ? null : bytes(item.bodyBytes)),
        row('SHA-256 of the body', item.bodySha256 && el('code', {}, item.bodySha256)),
        row('Names of the headers', item.headerNames?.join(', '))),
      el('div', { class: 'buttons' }, copyButton(() => explanation(item), 'explanation for the sender', 'Copy explanation'))));
}

// A conflict that is found behind ingest has no request any more.
const origin = ({ headerNames, remoteAddress, contentType }) =>
  headerNames ? [`from ${remoteAddress ?? 'an unknown address'}`, `content type ${contentType ?? 'not given'}`] : [];

/** An answer for the sender, to be copied by support. */
export function explanation(item) {
  const fields = Object.entries(item.fields ?? {}).map(([name, errors]) => `  ${name}: ${errors.join('; ')}`);
  const event = item.eventId ? ` for event ${item.eventId}` : '';
  return [
    `Your webhook of ${utcText(item.at)}${event} was answered ${item.status} (${item.message}).`, '',
    `${reasonText(item.reason)}. ${sentence(item.hint)}`,
    ...fields.length ? ['Fields:', ...fields] : [], '',
    'Received:',
    `  ${[...origin(item), count(item.bodyBytes ?? 0, 'byte')].join(', ')}`,
    ...item.bodySha256 ? [`  SHA-256 of the body: ${item.bodySha256}`] : [],
    ...item.headerNames?.length ? [`  headers: ${item.headerNames.join(', ')}`] : [],
    '', 'This request was not stored as an event.',
  ].join('\n');
}
