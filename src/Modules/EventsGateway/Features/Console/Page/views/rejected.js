import { api, get } from '../app/api.js';
import { copyButton, el, link, note } from '../app/dom.js';
import { refresh, rejectionNumbers } from '../app/refresh.js';
import { eventHash, hash } from '../app/route.js';
import { age, time, utcText } from '../app/time.js';
import { bytes, count, reasonText, sentence } from '../app/words.js';
import { isConflict, keyOfRejection } from '../parts/untaken.js';

const kept = 200;
const pageSize = 50;

export function rejected(asked) {
  const chips = el('nav', { class: 'chips', 'aria-label': 'Reasons' });
  const state = el('div', { class: 'state' });
  const list = el('div', { class: 'stack' });
  const shown = new Map();

  async function load() {
    try {
      const { items } = await get(`${api}/rejections?limit=${kept}`);
      state.replaceChildren();
      draw(items);
    } catch (fault) {
      state.replaceChildren(note('warn', fault.message));
    }
  }

  function draw(items) {
    const amounts = new Map();
    for (const { reason } of items) amounts.set(reason, (amounts.get(reason) ?? 0) + 1);
    const ofEvent = items.filter(item => item.eventId === asked.eventId);
    chips.replaceChildren(
      chip('All', items.length, {}, !asked.reason && !asked.eventId), asked.eventId ? chip('Of one event', ofEvent.length, { eventId: asked.eventId }, true) : '',
      ...[...amounts].map(([reason, amount]) => chip(reasonText(reason), amount, { reason }, reason === asked.reason)));
    const chosen = (asked.eventId ? ofEvent : items).filter(item => !asked.reason || item.reason === asked.reason).slice(0, pageSize);
    const keys = chosen.map(item => JSON.stringify(item));
    for (const [key, node] of shown) if (!keys.includes(key)) { node.remove(); shown.delete(key); }
    // One that is open stays open: only new ones are made.
    chosen.forEach((item, at) => {
      if (!shown.has(keys[at])) shown.set(keys[at], rejection(item, asked.eventId != null));
      const node = shown.get(keys[at]);
      if (list.children[at] !== node) list.insertBefore(node, list.children[at] ?? null);
    });
    if (chosen.length === 0) state.replaceChildren(el('p', { class: 'empty' }, `No ${asked.reason || asked.eventId ? 'such ' : ''}request was rejected, as far as this process remembers: it keeps the last 200 since its start.`));
  }

  return {
    title: 'Rejected requests', dispose: refresh(load, rejectionNumbers, 2000),
    node: el('div', { class: 'stack' }, el('h1', {}, 'Rejected requests'),
      el('p', { class: 'soft' }, 'Why couriers were answered 4xx or 503; and what was answered 202 but not taken, because its id had come before with another body. No secret, signature, header value or body is kept.'), chips, state, list),
  };
}

const chip = (title, amount, filter, isChosen) =>
  link(hash('rejected', filter), `${title} ${amount}`, { class: 'as-button', 'aria-current': isChosen ? 'true' : null });

// Of a conflict there is an event: the one that was taken.
const eventOf = item => isConflict(item) && keyOfRejection(item) ? link(eventHash(keyOfRejection(item)), item.eventId) : item.eventId;

function rejection(item, isOpen) {
  const fields = Object.entries(item.fields ?? {});
  const row = (title, value) => value == null || value === '' ? [] : [el('dt', {}, title), el('dd', {}, value)];
  return el('details', { class: 'card', 'data-reason': item.reason, open: isOpen },
    el('summary', {}, el('span', { class: 'status' }, item.status), time(item.at), el('span', { class: 'why' }, el('b', {}, reasonText(item.reason)),
      el('span', { class: 'soft' }, ` ${[...fields.flatMap(([, faults]) => faults), fields.length ? null : item.hint ?? item.message].filter(Boolean).join('; ')}`)),
    el('span', { class: 'soft' }, item.shippingCompanyId ?? item.remoteAddress ?? ''), el('span', { class: 'soft' }, age(item.at))),
    el('div', { class: 'inside' },
      item.hint && el('p', {}, sentence(item.hint)),
      el('dl', { class: 'facts' },
        fields.map(([name, faults]) => row(name, faults.join('; '))),
        row('Answer', `${item.status}: ${item.message}`), row('Courier', item.shippingCompanyId), row('Event id', eventOf(item)),
        row('Remote address', item.remoteAddress), row('Content type', item.contentType), row('Body', item.bodyBytes == null ? null : bytes(item.bodyBytes)),
        row('SHA-256 of the body', item.bodySha256 && el('code', {}, item.bodySha256)),
        row('Headers that came', item.headerNames?.join(', '))),
      el('div', { class: 'buttons' }, copyButton(() => explanation(item), 'explanation for the courier', 'Copy explanation'))));
}

// Where a body was dropped behind the door, nobody knows the request any more.
const whereFrom = ({ headerNames, remoteAddress, contentType }) =>
  headerNames ? [`from ${remoteAddress ?? 'an unknown address'}`, `content type ${contentType ?? 'not given'}`] : [];

/** What a support person pastes into the answer to a courier. */
export function explanation(item) {
  const fields = Object.entries(item.fields ?? {}).map(([name, faults]) => `  ${name}: ${faults.join('; ')}`);
  const event = item.eventId ? ` for event ${item.eventId}` : '';
  return [
    `Your webhook of ${utcText(item.at)}${event} was answered ${item.status} (${item.message}).`, '',
    `${reasonText(item.reason)}. ${sentence(item.hint)}`,
    ...fields.length ? ['Fields:', ...fields] : [], '',
    'What reached us:',
    `  ${[...whereFrom(item), count(item.bodyBytes ?? 0, 'byte')].join(', ')}`,
    ...item.bodySha256 ? [`  SHA-256 of the body: ${item.bodySha256}`] : [],
    ...item.headerNames?.length ? [`  headers: ${item.headerNames.join(', ')}`] : [],
    '', 'Nothing of it was kept as an event.',
  ].join('\n');
}
