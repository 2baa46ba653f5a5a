import { routingFailures, routingOutage } from '../components/routing-status.js';
import { backendText, count, number, outageEffect, reasonText, sentence } from './labels.js';
import { newest, remainingFailed, sum } from './live.js';
import { hash } from './route.js';
import { durationText } from './time.js';

/**
 * The state of the gateway as messages, worst first. Each: {id, kind: good | warn | bad, text, detail, href, action}.
 * The `id` of a problem is stable while its numbers change.
 */
export function statusSummary(latest, points) {
  const problems = [
    ...phase(latest.health), ...backends(latest.backends), ...ingest(latest), ...worker(latest), ...routingOutage(latest),
    ...checks(latest), ...store(latest), ...routingFailures(latest, points), ...workerCapacity(latest, points),
    ...rejections(points, latest.ingest), ...failures(points, latest.counts),
  ];
  const sorted = [...problems.filter(({ kind }) => kind === 'bad'), ...problems.filter(({ kind }) => kind === 'warn')];
  return sorted.length ? sorted : [healthy(latest)];
}

function phase({ status }) {
  if (status === 'starting') return [{
    id: 'starting', kind: 'warn', text: 'The gateway is starting.', detail: 'It accepts requests as soon as it is ready.',
  }];
  if (status === 'stopping') return [{
    id: 'stopping', kind: 'warn', text: 'The gateway is stopping.',
    detail: 'It finishes its events in flight and accepts no requests.',
  }];
  return [];
}

const isTransitional = ({ status }) => status === 'starting' || status === 'stopping';

const backends = all => all.filter(({ up }) => !up).map(({ name, detail }) => ({
  id: `backend-${name}`, kind: name === 'redis' ? 'warn' : 'bad',
  text: `${backendText(name)} does not answer${detail ? `: ${detail.replace(/\.$/, '')}.` : '.'}`, detail: outageEffect(name),
}));

function ingest({ ingest: { state }, backends: all, health }) {
  const isExplained = isTransitional(health) || all.some(({ name, up }) => !up && name !== 'mongodb' && name !== 'redis');
  if (state !== 'unavailable' || isExplained) return [];
  return [{
    id: 'ingest', kind: 'bad', text: 'Ingest answers 503.',
    detail: 'Accepted events are safe. Senders repeat the other requests.',
    href: hash('rejected', { reason: 'unavailable' }), action: 'See rejected requests',
  }];
}

function worker({ worker: { state }, health }) {
  if (state !== 'stalled') return [];
  const reason = health.checks.find(({ name }) => name === 'worker')?.detail;
  return [{
    id: 'worker', kind: 'bad', text: 'Worker stalled: events are due but no attempt completes.',
    detail: [sentence(reason), 'Check its log and restart it; no events are lost.'].filter(Boolean).join(' '),
  }];
}

// No error, but too slow: all slots have been in use for 20 s and the backlog grows.
function workerCapacity({ worker: { inFlight, slots } }, points) {
  const recent = points.slice(-20);
  const pending = recent.at(-1)?.pending;
  const isFull = slots && recent.length === 20 && recent.every(point => point.inFlight >= slots);
  if (!isFull || !(pending > (recent[0].pending ?? pending))) return [];
  const median = newest(points, 'attemptP50');
  return [{
    id: 'capacity', kind: 'warn',
    text: `Worker at capacity: ${number(inFlight)} of ${number(slots)} attempts in flight, ${count(pending, 'event')} pending.`,
    detail: `${median == null ? '' : `Median attempt duration: ${durationText(median)}. `}`
      + 'If the routing service is slow, contact its owner. If traffic has grown, raise WORKER_PREFETCH.',
    href: hash('events', { status: 'pending' }), action: 'See pending events',
  }];
}

// Health checks that no message above covers.
// A stalled worker and an ingest that answers 503 now have messages of their own; a pause of routing is a degraded worker.
const isReported = ({ name, status }, ingestState) =>
  name === 'ingest' ? ingestState !== 'unavailable' : name !== 'worker' || status === 'degraded';

function checks({ health, ingest: { state } }) {
  if (isTransitional(health)) return [];
  const failing = health.checks.filter(check => check.status !== 'healthy' && isReported(check, state));
  return failing.map(({ name, status: result, detail }) => {
    const reason = sentence(detail || `health check ${name} is ${result}`);
    return {
      id: `check-${name}`, kind: result === 'degraded' ? 'warn' : 'bad', text: reason, detail: '',
      ...name === 'queue-reader' && {
        text: 'Queue reader stopped: events wait in the queue.', detail: `No events are lost. ${reason}`,
      },
      ...name === 'ingest' && {
        detail: 'Senders repeat these requests.',
        href: hash('rejected', { reason: 'unavailable' }), action: 'See rejected requests',
      },
      ...name === 'lag' && {
        detail: 'Events are pending for longer than the lag budget.',
        href: hash('events', { status: 'pending' }), action: 'See pending events',
      },
    };
  });
}

// A process with the role Ingest may have no store to ask.
function store({ counts, worker: { state }, backends: all, health }) {
  if (counts || state === 'absent' || isTransitional(health) || all.some(({ up }) => !up)) return [];
  return [{
    id: 'counts', kind: 'warn', text: 'The store has not reported its event counts.',
    detail: 'The gateway asks every two seconds. Accepted events are safe.',
  }];
}

function rejections(points, { rejectedByReason }) {
  const minute = points.slice(-60);
  const rejected = sum(minute, 'rejected');
  const accepted = sum(minute, 'accepted') + sum(minute, 'duplicate');
  if (rejected < 5 || rejected < accepted) return [];
  const [reason] = Object.entries(rejectedByReason).filter(([name]) => name !== 'unavailable')
    .sort(([, a], [, b]) => b - a)[0] ?? [];
  return [{
    id: 'rejections', kind: 'warn',
    text: `Most requests are rejected: ${number(100 * rejected / (rejected + accepted))} % in the last minute.`,
    detail: reason ? `Most frequent reason: ${reasonText(reason).toLowerCase()}.` : '',
    href: hash('rejected'), action: 'See rejected requests',
  }];
}

function failures(points, counts) {
  // Failures are counted per process, failed events in the store, which all processes share: events that were replayed or
  // erased since are no longer there.
  const recent = sum(points, 'failed');
  const failed = counts ? Math.min(recent, remainingFailed(counts)) : recent;
  if (failed < 1) return [];
  return [{
    id: 'failures', kind: 'warn', text: `${count(failed, 'event')} failed in the last ${minutes(points)}.`,
    detail: 'Failed events are kept. Replay them after the cause is fixed.', href: hash('failed'), action: 'See failed events',
  }];
}

function healthy({ counts, worker: { state } }) {
  const failed = remainingFailed(counts);
  const detail = !counts ? 'Requests are accepted. The store has not reported its event counts.'
    : state === 'absent' ? 'Requests are accepted.' : 'Requests are accepted, pending events are within the lag budget.';
  return {
    id: 'healthy', kind: 'good', text: 'The gateway is healthy.',
    detail: failed ? `${detail} ${count(failed, 'event')} failed earlier.` : detail,
    ...failed && { href: hash('failed'), action: 'See failed events' },
  };
}

const minutes = points => points.length > 90 ? `${Math.round(points.length / 60)} minutes` : 'minute';
