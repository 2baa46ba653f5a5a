import { api, get, may, post } from '../app/api.js';
import { dismiss } from '../app/dismissals.js';
import { announce, button, card, copyButton, el, restoreFocus, link, note, refill } from '../app/dom.js';
import { live, onLive } from '../app/live.js';
import { eventCounts, refresh, rejectionCounts } from '../app/refresh.js';
import { hash } from '../app/route.js';
import { time, timeAndAge } from '../app/time.js';
import { adviceText, isReplayUseful, outcomeText, statusKind, typeText } from '../app/labels.js';
import { confirm, confirmReplay } from '../components/confirm.js';
import { bodyCard } from '../components/body-card.js';
import { badge } from '../components/icons.js';
import { pauseRouting } from '../components/routing-pauses.js';
import { shipmentCard } from '../components/shipment-card.js';
import { timeline } from '../components/timeline.js';
import { isConflict, keyOfRejection, rejectionNotice } from '../components/rejection-notice.js';

export function event(key) {
  const content = el('div', { class: 'stack' });
  const heading = el('h1', {}, key);
  const state = el('div', { class: 'state' });
  const replayed = el('div', { class: 'state' });
  const rejection = el('div', { class: 'state' });
  let drawn = '';
  let history = null;
  let isPending = true;
  let isMissing = false;
  let source = null;

  async function load() {
    try {
      const found = await get(`${api}/events/${encodeURIComponent(key)}`);
      if (found.status !== 'pending') replayed.replaceChildren();
      const now = JSON.stringify(found);
      if (now === drawn) return;
      // A redraw would end a selection or scroll position in the body.
      if (drawn && content.contains(document.activeElement) && document.activeElement.closest('pre')) return;
      drawn = now;
      isPending = found.status === 'pending';
      isMissing = false;
      if (!source && found.source) source = await get(`${api}/sources/${encodeURIComponent(found.source)}`).catch(() => null);
      history = timeline(found);
      history.draw(live.latest);
      content.replaceChildren(...parts(found, source, history.node, 
        { replay: () => act(replay), dismissEvent: () => act(dismissEvent), pause: () => act(() => pause(found)) }));
    } catch (fault) {
      drawn = '';
      isMissing = fault.status === 404;
      isPending = !isMissing;
      content.replaceChildren(note(isMissing ? 'neutral' : 'warn', isMissing
        ? 'No event has this key. A key is shippingCompanyId.eventId and case-sensitive.' : fault.message));
      if (isMissing) await findRejection();
    }
  }

  // For an event that is stored, conflicts only.
  const findRejection = async () => refill(rejection, await rejectionNotice(one =>
    keyOfRejection(one) === key && (isMissing || isConflict(one))));

  async function act(run) {
    try {
      const text = await run();
      if (!text) return;
      if (replayed.childElementCount === 0) state.replaceChildren(note('good', text));
      announce(text);
      await load();
      restoreFocus(heading);
    } catch (fault) {
      state.replaceChildren(note('bad', fault.message));
    }
  }

  async function replay() {
    if (!await confirmReplay()) return null;
    const response = await post(`${api}/replays`, { keys: [key] });
    if (!response.replayed) return 'Not replayed: the event is no longer failed, late or dismissed.';
    const text = 'Replayed: the event is pending again.';
    state.replaceChildren();
    replayed.replaceChildren(note('good', text));
    return text;
  }

  const dismissEvent = async () => await confirm('Dismiss', 'The event gets no more attempts. It can be replayed.', 'Dismiss')
    ? dismiss({ keys: [key] }) : null;

  const pause = async ({ source: name, merchantId }) => await pauseRouting({ source: name, merchantId })
    ? `Routing of merchant ${merchantId} of ${name} is paused. Resume it on the overview.` : null;

  // No count changes when a worker claims a pending event: it is read every second.
  const subscriptions = [
    refresh(load, latest => isPending ? latest.point.t : eventCounts(latest), 1000),
    refresh(findRejection, rejectionCounts, 2000),
    onLive(({ latest }) => history?.draw(latest)),
  ];
  return {
    title: key,
    dispose() {
      for (const each of subscriptions) each();
    },
    node: el('div', { class: 'stack' },
      el('div', {}, link(hash('events'), 'Events'), heading), state, replayed, rejection, content),
  };
}

function parts(found, source, history, { replay, dismissEvent, pause }) {
  const isDismissible = found.status === 'failed' || found.status === 'pending' && !found.inWork;
  return [
    el('div', { class: 'head' },
      badge(statusKind(found.status), found.status), found.outcome && el('span', {}, outcomeText(found.outcome)),
      found.replayable && may('operate') && button('Replay', replay, { class: isReplayUseful(found.outcome) ? 'primary' : null }),
      isDismissible && !found.tombstone && may('operate') && button('Dismiss', dismissEvent),
      isDismissible && found.merchantId && may('admin') && button('Pause merchant', pause),
      found.status === 'failed' && !found.tombstone
        && el('span', { class: 'muted' }, adviceText(found.outcome, found.lastError))),
    found.tombstone && note('neutral',
      'Tombstone: retention or an erasure removed this event. Key, status and time remain; a late duplicate is still detected.'),
    el('div', { class: 'columns' },
      el('div', { class: 'stack' }, card('Timeline', {}, history), bodyCard(found, source)),
      el('div', { class: 'stack' },
        card('Identifiers', {}, identifiers(found)),
        found.shipmentId && !found.tombstone ? shipmentCard(found) : null,
        found.tombstone ? null : headersCard(found.headers ?? {}))),
  ].filter(Boolean);
}

function identifiers(found) {
  const traceId = found.traceparent?.split('-')[1];
  const row = (title, value, shown = value, isCopied = true) => value == null ? [] : [el('dt', {}, title),
    el('dd', {}, shown, isCopied && copyButton(value, title))];
  const linked = (name, value) => value == null ? null : link(hash('events', { [name]: value }), value);
  return el('dl', { class: 'properties' },
    row('Key', found.key), row('Event ID', found.eventId), row('Source', found.source, found.source, false),
    row('Shipping company', found.shippingCompanyId, linked('shippingCompanyId', found.shippingCompanyId)),
    row('Shipment', found.shipmentId, linked('shipmentId', found.shipmentId)),
    row('Merchant', found.merchantId, linked('merchantId', found.merchantId)),
    row('Type', found.type, typeText(found.type), false),
    row('Request ID', found.requestId, linked('requestId', found.requestId)),
    row('Trace ID', traceId, linked('traceId', traceId)), row('Route', found.routeId, linked('routeId', found.routeId)),
    row('Occurred', found.occurredAt, [time(found.occurredAt), found.implausibleTime
      && el('span', { class: 'muted' }, ' cannot be true: the time of receipt is used')], false),
    row('Received', found.receivedAt, timeAndAge(found.receivedAt), false),
    row('Processed', found.processedAt, found.processedAt && time(found.processedAt), false),
    row('Dismissed', found.dismissedAt, found.dismissedAt && [time(found.dismissedAt), ` by ${found.dismissedBy}`], false),
    row('Generation', found.generation, found.generation, false));
}

function headersCard(headers) {
  const names = Object.keys(headers).sort();
  return card('Stored headers', {}, names.length
    ? el('dl', { class: 'properties' }, names.map(name => [el('dt', {}, name), el('dd', {}, headers[name])]))
    : el('p', { class: 'muted' }, 'None.'));
}
