import { el } from '../app/dom.js';

const calls = ['routed', 'not-routed', 'timed-out', 'connection-lost', 'transient-status', 'permanent-status', 'unreadable'];

// The open ones stay open when the page draws the event again.
const open = new Set();

/** What an attempt sent to the routing service, and what was answered; null where it made no call. */
export function evidence(event, { startedAt, result, url, answer }) {
  const { routingRequest: sent } = event;
  if (!calls.includes(result) || !sent) return null;
  const id = `${event.key} ${startedAt}`;
  const node = el('details', { class: 'evidence', open: open.has(id), ontoggle: () => {
    if (node.open) open.add(id);
    else open.delete(id);
  } },
  el('summary', {}, 'Request and answer'),
  part('Sent', `${sent.method} ${url ?? 'to the routing service'}`, sent.headers, sent.body),
  answer ? part('Answered', `Status ${answer.status}`, answer.headers, answer.body)
    : el('p', { class: 'muted' }, result === 'routed' ? 'The answer is not stored.' : 'Nothing was answered.'));
  return node;
}

const part = (title, line, headers, body) => [
  el('p', {}, el('b', {}, `${title}: `), line),
  el('pre', { tabindex: 0, 'aria-label': title }, [...headers, '', body ?? ''].join('\n').trim() || 'No headers and no body.'),
];
