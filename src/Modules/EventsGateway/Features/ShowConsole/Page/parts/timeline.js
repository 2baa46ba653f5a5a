import { el } from '../app/dom.js';
import { durationText, time } from '../app/time.js';
import { count, outcomeText, resultKind, resultText } from '../app/words.js';
import { mark } from './marks.js';

/** What happened to an event, in its order: received, each attempt with the wait before it, the outcome; life by life. */
export function timeline(event) {
  const items = [];
  if (event.occurredAt) items.push(entry('calm', 'Happened, as the courier says', event.occurredAt));
  if (event.receivedAt) items.push(entry('good', 'Received and stored', event.receivedAt, 'Answered 202'));
  let before = +new Date(event.receivedAt);
  let life = 1;
  for (const attempt of event.attempts ?? []) {
    const startedAt = +new Date(attempt.startedAt);
    if (attempt.life !== life) {
      life = attempt.life;
      items.push(lifeBegins(life));
    }
    items.push(pause(startedAt - before), attemptEntry(attempt));
    before = startedAt + (attempt.durationMs ?? 0);
  }
  if (event.life > life) items.push(lifeBegins(event.life));
  return el('ol', { class: 'timeline' }, items, outcome(event, before));
}

const entry = (kind, title, at, detail, detailKind = '') => el('li', {}, mark(kind),
  el('div', {}, el('div', {}, title), detail && el('div', { class: `detail ${detailKind}` }, detail)),
  el('div', { class: 'at soft' }, at && time(at)));

const pause = milliseconds => el('li', { class: 'pause' }, el('span', { class: 'wait' }, milliseconds > 0 ? `waited ${durationText(milliseconds)}` : 'at once'));

const lifeBegins = life => el('li', { class: 'new-life' }, el('span', { class: 'life' }, `Life ${life}: replayed, or sent again by the courier`));

function attemptEntry({ number, startedAt, durationMs, result, error }) {
  const took = durationMs == null ? 'nobody knows how long it took' : `took ${durationText(durationMs)}`;
  return entry(resultKind(result), `Attempt ${number}: ${resultText(result)}`, startedAt, error ? `${error}; ${took}` : took, error ? `is-${resultKind(result)}` : '');
}

// Of a tombstone nobody knows more.
const ended = (status, reason) => reason ? `${status}: ${outcomeText(reason)}` : status;

function outcome(event, lastAt) {
  if (event.status === 'processed')
    return entry('good', ended('Processed', event.outcome), event.processedAt, event.routeId && `Route ${event.routeId}`);
  if (event.status === 'failed')
    return entry('bad', ended('Failed', event.outcome), event.attempts?.length ? lastAt : null, event.lastError, 'is-bad');
  const interrupted = event.interruptions ? ` Interrupted ${count(event.interruptions, 'time')} since the last outcome.` : '';
  return entry('busy', 'Pending', null, [`Due `, event.dueAt ? time(event.dueAt) : 'soon', `; while an attempt runs, this is when its claim ends.${interrupted}`]);
}
