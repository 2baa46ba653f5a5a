import { el, link, setText } from '../app/dom.js';
import { hash } from '../app/route.js';
import { durationText, now, time, timeText } from '../app/time.js';
import { count, outcomeText, resultKind, resultText } from '../app/words.js';
import { mark } from './marks.js';
import { isDown } from './routing.js';

/**
 * What happened to an event, in its order: received, each attempt with the wait before it, the outcome; life by life.
 * `draw(latest)` brings up to date what a pending event waits for.
 */
export function timeline(event) {
  const items = [];
  if (event.occurredAt) items.push(entry('calm', 'Happened, as the courier says', event.occurredAt));
  if (event.receivedAt) items.push(entry('good', 'Received and stored', event.receivedAt, 'Answered 202'));
  let before = event.receivedAt ? +new Date(event.receivedAt) : null;
  let life = 1;
  let last = null;
  const begin = next => {
    // When it began, and who began it, is known of the current life only.
    const isCurrent = next === event.generation;
    const beganAt = isCurrent ? event.requeuedAt : null;
    items.push(lifeEnded(life, last, before), lifeBegan(next, beganAt, isCurrent ? event.requeuedBy ?? courier : null));
    before = beganAt ? +new Date(beganAt) : null;
    life = next;
  };
  for (const attempt of event.attempts ?? []) {
    if (attempt.generation !== life) begin(attempt.generation);
    items.push(before && pause(new Date(attempt.startedAt) - before), attemptEntry(attempt));
    before = +new Date(attempt.lastStartedAt ?? attempt.startedAt) + (attempt.durationMs ?? 0);
    last = attempt;
  }
  if (event.generation > life) begin(event.generation);
  const waits = event.status === 'pending' ? waiting(event) : null;
  return { node: el('ol', { class: 'timeline' }, items, waits?.node ?? outcome(event, before)), draw: latest => waits?.draw(latest) };
}

const courier = Symbol('the courier');

const entry = (kind, title, at, detail, detailKind = '') => el('li', {}, mark(kind),
  el('div', {}, el('div', {}, title), detail && el('div', { class: `detail ${detailKind}` }, detail)),
  el('div', { class: 'at soft' }, at && time(at)));

const pause = milliseconds => el('li', { class: 'pause' }, el('span', { class: 'wait' }, milliseconds > 0 ? `waited ${durationText(milliseconds)}` : 'at once'));

// A life that was followed by another one has failed; of old ones the attempts may be forgotten.
const lifeEnded = (life, last, at) => last?.life === life
  ? entry('bad', `Life ${life} ended: failed`, at, last.error ?? resultText(last.result), 'is-bad')
  : entry('bad', `Life ${life} ended: failed`, null, 'None of its attempts is on record');

function lifeBegan(life, at, by) {
  const how = by === courier ? 'sent again by the courier' : by ? `replayed by ${by}` : 'replayed, or sent again by the courier';
  return el('li', { class: 'new-life' }, el('div', { class: 'life' }, el('span', {}, `Life ${life}: ${how}`),
    by !== courier && link(hash('audit'), by ? 'Audit records' : 'Audit: who replayed'), at && el('span', { class: 'at soft' }, time(at))));
}

function attemptEntry({ number, startedAt, durationMs, result, error, probes, lastStartedAt }) {
  const took = durationMs == null ? 'nobody knows how long it took'
    : `${lastStartedAt ? `the last at ${timeText(lastStartedAt)} ` : ''}took ${durationText(durationMs)}${probes ? ', not counted' : ''}`;
  return entry(resultKind(result), `${probes ? count(probes, 'probe') : `Attempt ${number}`}: ${resultText(result)}`, startedAt, error ? `${error}; ${took}` : took, error ? `is-${resultKind(result)}` : '');
}

// Of a tombstone nobody knows more.
const ended = (status, reason) => reason ? `${status}: ${outcomeText(reason)}` : status;

function outcome(event, lastAt) {
  if (event.status === 'processed')
    return entry('good', ended('Processed', event.outcome), event.processedAt, event.routeId && `Route ${event.routeId}`);
  return entry('bad', ended('Failed', event.outcome), event.attempts?.length ? lastAt : null, event.lastError, 'is-bad');
}

function waiting(event) {
  const reason = el('span');
  const interrupted = event.abandonedAttempts ? ` Interrupted ${count(event.abandonedAttempts, 'time')} since the last outcome.` : '';
  const node = entry('busy', 'Pending', null, [reason, interrupted]);
  const draw = latest => setText(reason, whyWaiting(event, latest));
  draw(null);
  return { node, draw };
}

function whyWaiting({ inWork, dueAt }, latest) {
  if (inWork) return 'An attempt is running.';
  if (isDown(latest)) return 'Waits for the routing service: calls rest.';
  if (!dueAt || new Date(dueAt) <= now()) return 'Due now, waits for a free slot.';
  return `Due at ${timeText(dueAt)}.`;
}
