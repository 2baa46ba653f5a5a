import { el, setText } from '../app/dom.js';
import { newest } from '../app/live.js';
import { durationText } from '../app/time.js';
import { count, decimal, engineDuty, engineText, number } from '../app/words.js';
import { badge } from './marks.js';
import { routingLine, routingState } from './routing.js';

/** The way of an event from the courier to the routing service, one tile a station. */
export function flow() {
  const node = el('ol', { class: 'flow', 'aria-label': 'Stations of an event' });
  const tiles = new Map();

  function tile(id, title, kind, state, ...lines) {
    if (!tiles.has(id)) {
      const made = { node: el('li', { class: 'tile' }), title: el('span', { class: 'station' }, title), state: el('div', { class: 'state' }), lines: [0, 1].map(() => el('span', { class: 'soft' })) };
      made.node.append(made.title, made.state, ...made.lines);
      tiles.set(id, made);
      // A profile has its engines from the start on; the order is that of the first drawing.
      node.append(made.node);
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
      const byName = name => latest.backends.filter(engine => engine.name === name);
      const engineTile = engine => tile(engine.name, engineText(engine.name), engine.up ? 'good' : 'bad', engine.up ? 'Answers' : 'Down',
        engineDuty(engine.name), engineLine(engine, latest.counts));
      tile('door', 'Door', ...doorState(latest.ingest), `${decimal(mean(recent, 'accepted'))} accepted/s`,
        `p99 ${durationText(newest(points, 'p99'))}`);
      for (const name of ['rabbitmq', 'redis', 'sqlite', 'mongodb']) byName(name).forEach(engineTile);
      tile('worker', 'Worker', ...workerState(latest), `${decimal(mean(recent, 'processed'))} processed/s`,
        latest.worker.state === 'absent' ? '' : `${number(latest.worker.inFlight)} of ${number(latest.worker.slots)} in flight`);
      tile('breaker', 'Routing service', ...routingState(latest, points), routingLine(latest, mean(recent, 'retries')),
        `an attempt: p50 ${durationText(newest(points, 'attemptP50'))}, p99 ${durationText(newest(points, 'attemptP99'))}`);
    },
  };
}

const mean = (points, name) => points.length ? points.reduce((sum, point) => sum + (point[name] ?? 0), 0) / points.length : null;

const doorState = ({ state }) => ({
  open: ['good', 'Open'], unavailable: ['bad', 'Rejects: 503'], stopping: ['warn', 'Stopping'], absent: ['calm', 'Not in this role'],
})[state] ?? ['calm', state];

const workerState = ({ worker: { state } }) => ({
  working: ['good', 'Working'], idle: ['good', 'Idle'], paused: ['warn', 'Paused'], stalled: ['bad', 'Stalled'], absent: ['calm', 'Not in this role'],
})[state] ?? ['calm', state];

function engineLine({ name, up, detail }, counts) {
  if (!up) return detail ?? '';
  if (name === 'rabbitmq' && counts?.queuedMessages != null) return `${count(counts.queuedMessages, 'message')} queued`;
  if ((name === 'sqlite' || name === 'mongodb') && counts) return `${count(counts.accepted, 'event')}`;
  return detail ?? '';
}
