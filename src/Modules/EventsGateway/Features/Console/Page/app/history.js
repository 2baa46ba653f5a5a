import { api, get, query } from './api.js';

const processed = ['routed', 'late', 'mapped'];
const sumOf = (counts, isCounted) => Object.entries(counts)
  .reduce((sum, [name, amount]) => sum + (isCounted(name) ? amount : 0), 0);

/** The history as points of charts, with the members of the live ones: counts per second, durations in milliseconds. */
export async function history({ source, from, to }, signal) {
  const answer = await get(`${api}/history${query({
    source, from: new Date(from).toISOString(), to: to && new Date(to).toISOString(),
  })}`, signal);
  return { step: answer.step, fault: answer.fault, points: answer.points.map(pointOf) };
}

function pointOf(point) {
  const t = Date.parse(point.at);
  if (!point.seconds) return { t };
  const rate = amount => amount == null ? null : amount / point.seconds;
  return {
    t, accepted: rate(point.accepted), duplicate: rate(point.duplicates), retries: rate(point.retries),
    rejected: rate(sumOf(point.rejected, reason => reason !== 'unavailable' && reason !== 'conflict')),
    unavailable: rate(point.rejected.unavailable ?? 0),
    processed: rate(sumOf(point.outcomes, outcome => processed.includes(outcome))),
    failed: rate(sumOf(point.outcomes, outcome => !processed.includes(outcome))), late: rate(point.outcomes.late ?? 0),
    p50: point.accept?.p50, p95: point.accept?.p95, p99: point.accept?.p99,
    attemptP50: point.attempt?.p50, attemptP99: point.attempt?.p99,
    pending: point.pending, queued: point.queued, oldest: point.oldestPendingSeconds, inFlight: point.inFlight,
  };
}
