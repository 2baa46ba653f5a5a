import { el, link, setText } from '../app/dom.js';
import { count, outcomeText, resultKind, resultText } from '../app/labels.js';
import { hash } from '../app/route.js';
import { durationText, now, time, timeText } from '../app/time.js';
import { evidence } from './evidence.js';
import { statusIcon } from './icons.js';
import { isDown } from './routing-status.js';

/**
 * The history of an event, generation by generation: received, each attempt and the wait before it, the outcome.
 * `draw(latest)` updates what a pending event waits for.
 */
export function timeline(event) {
  const items = [];
  if (event.occurredAt) items.push(entry('neutral', 'Occurred, as reported by the sender', event.occurredAt));
  if (event.receivedAt) items.push(entry('good', 'Received and stored', event.receivedAt, 'Answered 202'));
  let before = event.receivedAt ? +new Date(event.receivedAt) : null;
  let generation = 1;
  let last = null;
  const begin = next => {
    // Start and cause are stored for the current generation only.
    const isCurrent = next === event.generation;
    const startedAt = isCurrent ? event.requeuedAt : null;
    const by = isCurrent ? event.requeuedBy ?? sender : null;
    items.push(generationEnd(generation, last, before), generationStart(next, startedAt, by));
    before = startedAt ? +new Date(startedAt) : null;
    generation = next;
  };
  for (const attempt of event.attempts ?? []) {
    if (attempt.generation !== generation) begin(attempt.generation);
    items.push(before && wait(new Date(attempt.startedAt) - before), attemptEntry(event, attempt));
    before = +new Date(attempt.lastStartedAt ?? attempt.startedAt) + (attempt.durationMs ?? 0);
    last = attempt;
  }
  if (event.generation > generation) begin(event.generation);
  const pending = event.status === 'pending' ? pendingEntry(event) : null;
  return {
    node: el('ol', { class: 'timeline' }, items, pending?.node ?? outcomeEntry(event, before)),
    draw: latest => pending?.draw(latest),
  };
}

const sender = Symbol('the sender');

const entry = (kind, title, at, detail, detailKind = '', more = null) => el('li', {}, statusIcon(kind),
  el('div', {}, el('div', {}, title), detail && el('div', { class: `detail ${detailKind}` }, detail), more),
  el('div', { class: 'at muted' }, at && time(at)));

const wait = milliseconds => el('li', { class: 'pause' },
  el('span', { class: 'wait' }, milliseconds > 0 ? `waited ${durationText(milliseconds)}` : 'immediately'));

// A generation with a successor has failed. The attempts of old generations may no longer be stored.
const generationEnd = (generation, last, at) => last?.generation === generation
  ? entry('bad', `Generation ${generation} failed`, at, last.error ?? resultText(last.result), 'is-bad')
  : entry('bad', `Generation ${generation} failed`, null, 'Its attempts are no longer stored');

function generationStart(generation, at, by) {
  const cause = by === sender ? 'resubmitted by the sender' : by ? `replayed by ${by}` : 'replayed or resubmitted';
  return el('li', { class: 'new-generation' }, el('div', { class: 'generation' },
    el('span', {}, `Generation ${generation}: ${cause}`),
    by !== sender && link(hash('audit'), 'Audit log'), at && el('span', { class: 'at muted' }, time(at))));
}

function attemptEntry(event, attempt) {
  const { number, startedAt, durationMs, result, error, probes, lastStartedAt } = attempt;
  const title = probes ? count(probes, 'call') : `Attempt ${number}`;
  const last = lastStartedAt ? `the last at ${timeText(lastStartedAt)} ` : '';
  const duration = durationMs == null ? 'duration unknown'
    : `${last}took ${durationText(durationMs)}${probes ? ', not counted' : ''}`;
  return entry(resultKind(result), `${title}: ${resultText(result)}`, startedAt,
    error ? `${error}; ${duration}` : duration, error ? `is-${resultKind(result)}` : '', evidence(event, attempt));
}

function outcomeEntry(event, lastAt) {
  // A tombstone has no outcome.
  const title = status => event.outcome ? `${status}: ${outcomeText(event.outcome)}` : status;
  if (event.status === 'processed')
    return entry('good', title('Processed'), event.processedAt, event.routeId && `Route ${event.routeId}`);
  if (event.status === 'dismissed') {
    const by = event.dismissedBy && `By ${event.dismissedBy}. ${event.lastError ?? ''}`;
    return entry('neutral', title('Dismissed'), event.dismissedAt, by);
  }
  return entry('bad', title('Failed'), event.attempts?.length ? lastAt : null, event.lastError, 'is-bad');
}

function pendingEntry(event) {
  const reason = el('span');
  const abandoned = event.abandonedAttempts
    ? ` ${count(event.abandonedAttempts, 'abandoned attempt')} since the last outcome.` : '';
  const node = entry('pending', 'Pending', null, [reason, abandoned]);
  const draw = latest => setText(reason, pendingReason(event, latest));
  draw(null);
  return { node, draw };
}

function pendingReason({ inWork, dueAt }, latest) {
  if (inWork) return 'Attempt in progress.';
  if (isDown(latest)) return 'Waiting for the routing service: calls paused.';
  if (!dueAt || new Date(dueAt) <= now()) return 'Due now, waiting for a free slot.';
  return `Due at ${timeText(dueAt)}.`;
}
