import { el, setText } from '../app/dom.js';
import { backendRole, backendText, count, decimal, number } from '../app/labels.js';
import { newest } from '../app/live.js';
import { durationText } from '../app/time.js';
import { badge } from './icons.js';
import { circuitLine, routingState } from './routing-status.js';

/** The path of an event from ingest to the routing service, one tile per stage. */
export function pipeline() {
  const node = el('ol', { class: 'pipeline', 'aria-label': 'Pipeline' });
  const tiles = new Map();

  function tile(id, title, kind, state, ...lines) {
    if (!tiles.has(id)) {
      const added = {
        node: el('li', { class: 'tile' }), title: el('span', { class: 'stage' }, title), state: el('div', { class: 'state' }),
        lines: [0, 1].map(() => el('span', { class: 'muted' })),
      };
      added.node.append(added.title, added.state, ...added.lines);
      tiles.set(id, added);
      // The backends of a process never change, so tiles keep the order of the first draw.
      node.append(added.node);
    }
    const { node: item, state: shown, lines: texts } = tiles.get(id);
    if (shown.textContent !== state || item.dataset.kind !== kind) shown.replaceChildren(badge(kind, state));
    item.dataset.kind = kind;
    texts.forEach((text, at) => setText(text, lines[at] ?? ''));
  }

  return {
    node,
    draw(latest, points) {
      const recent = points.slice(-10);
      tile('ingest', 'Ingest', ...ingestState(latest.ingest), `${decimal(mean(recent, 'accepted'))} accepted/s, mean of 10 s`,
        `p99 ${durationText(newest(points, 'p99'))}`);
      for (const name of ['rabbitmq', 'redis', 'sqlite', 'mongodb']) {
        const backend = latest.backends.find(one => one.name === name);
        if (backend) tile(name, backendText(name), ...backend.up ? ['good', 'Up'] : ['bad', 'Down'],
          backendRole(name), backendLine(backend, latest.counts));
      }
      tile('worker', 'Worker', ...workerState(latest.worker), `${decimal(mean(recent, 'processed'))} processed/s, mean of 10 s`,
        latest.worker.state === 'absent' ? '' : `${number(latest.worker.inFlight)} of ${number(latest.worker.slots)} in flight`);
      tile('routing', 'Routing service', ...routingState(latest), circuitLine(latest, mean(recent, 'retries')),
        `attempt p50 ${durationText(newest(points, 'attemptP50'))}, p99 ${durationText(newest(points, 'attemptP99'))}`);
    },
  };
}

const mean = (points, name) => points.length ? points.reduce((sum, point) => sum + (point[name] ?? 0), 0) / points.length : null;

const ingestState = ({ state }) => ({
  open: ['good', 'Accepting'], unavailable: ['bad', 'Unavailable: 503'], stopping: ['warn', 'Stopping'],
  absent: ['neutral', 'Not in this role'],
})[state] ?? ['neutral', state];

const workerState = ({ state }) => ({
  working: ['good', 'Working'], idle: ['good', 'Idle'], paused: ['warn', 'Paused'], stalled: ['bad', 'Stalled'],
  absent: ['neutral', 'Not in this role'],
})[state] ?? ['neutral', state];

function backendLine({ name, up, detail }, counts) {
  if (!up) return detail ?? '';
  if (name === 'rabbitmq' && counts?.queuedMessages != null) return `${count(counts.queuedMessages, 'message')} queued`;
  if ((name === 'sqlite' || name === 'mongodb') && counts) return count(counts.accepted, 'event');
  return detail ?? '';
}
