import { api, get, post } from '../app/api.js';
import { announce, button, card, copyButton, el, keepFocus, link, note, refill } from '../app/dom.js';
import { live, onLive } from '../app/live.js';
import { eventNumbers, refresh, rejectionNumbers } from '../app/refresh.js';
import { hash } from '../app/route.js';
import { time, timeAndAge } from '../app/time.js';
import { adviceText, bytes, isReplayUseful, outcomeText, statusKind, typeText } from '../app/words.js';
import { mayReplay } from '../parts/ask.js';
import { badge } from '../parts/marks.js';
import { timeline } from '../parts/timeline.js';
import { isConflict, keyOfRejection, untaken } from '../parts/untaken.js';

export function event(key) {
  const content = el('div', { class: 'stack' });
  const heading = el('h1', { class: 'mono-title' }, key);
  const state = el('div', { class: 'state' });
  const replayed = el('div', { class: 'state' });
  const besides = el('div', { class: 'state' });
  let drawn = '';
  let story = null;
  let isPending = true;
  let isMissing = false;

  async function load() {
    try {
      const found = await get(`${api}/events/${encodeURIComponent(key)}`);
      if (found.status !== 'pending') replayed.replaceChildren();
      const now = JSON.stringify(found);
      if (now === drawn) return;
      // Whoever reads or copies is not to lose the place because the event has moved on.
      if (drawn && content.contains(document.activeElement) && document.activeElement.closest('pre')) return;
      drawn = now;
      isPending = found.status === 'pending';
      isMissing = false;
      story = timeline(found);
      story.draw(live.latest);
      content.replaceChildren(...parts(found, story.node, replay));
    } catch (fault) {
      drawn = '';
      isMissing = fault.status === 404;
      isPending = !isMissing;
      content.replaceChildren(note(isMissing ? 'calm' : 'warn', isMissing
        ? 'There is no event with this key. A key is courier.eventId, and letters count as they are written.' : fault.message));
      if (isMissing) await look();
    }
  }

  // Of an event that is there, only what came besides it.
  const look = async () => refill(besides, await untaken(one => keyOfRejection(one) === key && (isMissing || isConflict(one))));

  async function replay() {
    if (!await mayReplay()) return;
    try {
      const answer = await post(`${api}/replays`, { keys: [key] });
      const text = answer.replayed ? 'Replayed: the event is pending again.' : 'Not replayed: the event is no longer failed.';
      state.replaceChildren();
      (answer.replayed ? replayed : state).replaceChildren(note('good', text));
      announce(text);
      await load();
      keepFocus(heading);
    } catch (fault) {
      state.replaceChildren(note('bad', fault.message));
    }
  }

  // No number tells that a worker has claimed this one.
  const leave = [
    refresh(load, latest => isPending ? latest.point.t : eventNumbers(latest), 1000),
    refresh(look, rejectionNumbers, 2000),
    onLive(({ latest }) => story?.draw(latest)),
  ];
  return {
    title: key,
    dispose() {
      for (const each of leave) each();
    },
    node: el('div', { class: 'stack' }, el('div', {}, link(hash('events'), 'Events'), heading), state, replayed, besides, content),
  };
}

function parts(found, story, replay) {
  return [
    el('div', { class: 'head' }, badge(statusKind(found.status), found.status), found.outcome && el('span', {}, outcomeText(found.outcome)),
      found.replayable && button('Replay', replay, { class: isReplayUseful(found.outcome) ? 'primary' : null }),
      found.status === 'failed' && !found.tombstone && el('span', { class: 'soft' }, adviceText(found.outcome, found.lastError))),
    found.tombstone && note('calm', 'What is left of this event, after its retention or an erasure: its key, how it ended and when. A late copy of it is still recognised.'),
    el('div', { class: 'pair' },
      el('div', { class: 'stack' }, card('What happened', {}, story), bodyCard(found)),
      el('div', { class: 'stack' }, card('Identifiers', {}, identifiers(found)), found.tombstone ? null : headersCard(found.headers ?? {}))),
  ].filter(Boolean);
}

function identifiers(found) {
  const traceId = found.traceparent?.split('-')[1];
  const row = (title, value, shown = value, isCopied = true) => value == null ? [] : [el('dt', {}, title),
    el('dd', {}, shown, isCopied && copyButton(value, title))];
  const linked = (name, value) => value == null ? null : link(hash('events', { [name]: value }), value);
  return el('dl', { class: 'facts' },
    row('Key', found.key), row('Event id', found.eventId),
    row('Courier', found.shippingCompanyId, linked('shippingCompanyId', found.shippingCompanyId)),
    row('Shipment', found.shipmentId, linked('shipmentId', found.shipmentId)),
    row('Merchant', found.merchantId, linked('merchantId', found.merchantId)),
    row('Type', found.type, typeText(found.type), false),
    row('Trace id', traceId, el('code', {}, traceId)), row('Route', found.routeId),
    row('Received', found.receivedAt, timeAndAge(found.receivedAt), false),
    row('Processed', found.processedAt, found.processedAt && time(found.processedAt), false),
    row('Lives', found.generation, found.generation, false));
}

function bodyCard({ body, bodyRemoved, tombstone }) {
  if (body == null || bodyRemoved || tombstone)
    return card('Body', {}, el('p', { class: 'soft' }, 'The body was removed: its retention is over, or it was erased on request.'));
  const pretty = prettyOf(body);
  const text = el('pre', { tabindex: 0, 'aria-label': 'Body' }, pretty ?? body);
  const raw = button('Raw', () => {
    const isRaw = raw.getAttribute('aria-pressed') !== 'true';
    raw.setAttribute('aria-pressed', isRaw);
    text.textContent = isRaw ? body : pretty;
  }, { class: 'small', 'aria-pressed': 'false' });
  const size = new TextEncoder().encode(body).length;
  return card('Body', {}, el('div', { class: 'head' }, el('span', { class: 'soft' }, `${bytes(size)}, signed by the courier`),
    el('span', { class: 'buttons end' }, pretty && raw, copyButton(body, 'body'))), text);
}

function prettyOf(body) {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return null;
  }
}

function headersCard(headers) {
  const names = Object.keys(headers).sort();
  return card('Headers that were kept', {}, names.length
    ? el('dl', { class: 'facts' }, names.map(name => [el('dt', {}, name), el('dd', {}, headers[name])]))
    : el('p', { class: 'soft' }, 'None.'));
}
