import { decimal, number } from '../app/labels.js';
import { sum } from '../app/live.js';
import { hash } from '../app/route.js';
import { ageText, now, secondsText } from '../app/time.js';

// Below this number of attempts a failure rate means nothing.
const minAttempts = 5;
// Consecutive failed calls, and how long (ms) the last one counts: without calls since, the service may have recovered.
const minFailures = 3;
const failureLifetime = 5 * 60 * 1000;
const toPending = { href: hash('events', { status: 'pending' }), action: 'See pending events' };
const toFailed = { href: hash('failed'), action: 'See failed events' };

const hasNoPending = ({ counts }) => counts?.pending === 0;

export const isDown = latest => latest?.circuit.state === 'open';

/** The address, the last error and its age. */
function lastCall({ address, lastFailure }) {
  const error = lastFailure ? `${lastFailure.error.replace(/\.$/, '')}, ${ageText(lastFailure.at)}` : '';
  const text = [address, error].filter(Boolean).join(': ');
  return text && `${text}. `;
}

/** An open circuit, as a message of the status summary. */
export function routingOutage(latest) {
  if (!isDown(latest)) return [];
  const { nextProbeSeconds, openForSeconds, lastFailure } = latest.circuit;
  if (hasNoPending(latest)) return [{
    id: 'circuit-idle', kind: 'warn',
    text: `Routing service was down at the last call${lastFailure ? `, ${ageText(lastFailure.at)}` : ''}; no events are pending.`,
    detail: `${lastCall(latest.circuit)}The next event is sent as a probe.`,
  }];
  const next = nextProbeSeconds >= 1 ? `next probe in ${secondsText(Math.ceil(nextProbeSeconds))}`
    : 'the next due event is the probe';
  const since = openForSeconds >= 1 ? `Down for ${secondsText(Math.floor(openForSeconds))}. ` : '';
  return [{
    id: 'circuit', kind: 'bad', text: `Routing service is down: calls paused, ${next}.`, ...toPending,
    detail: `${lastCall(latest.circuit)}${since}Requests are still accepted. Events stay pending (24 h by default), consume no `
      + 'retries and continue after recovery.',
  }];
}

const failedIn = points => sum(points, 'retries') + sum(points, 'failed');
const attemptsIn = points => failedIn(points) + sum(points, 'processed');

// The share of failed attempts in the last ten seconds. Without a failed call the events belong to ended shipments.
function failureRate({ circuit: { lastFailure } }, points) {
  const recent = points.slice(-10);
  const failed = failedIn(recent);
  const rate = failed / attemptsIn(recent);
  const hasFailedCall = lastFailure && new Date(lastFailure.at) >= recent[0]?.t - 1000;
  return failed >= minAttempts && rate > 0.5 && hasFailedCall ? rate : null;
}

// Ten seconds of little traffic are too few attempts for a rate; the calls since the last routed one are not.
const recentFailures = ({ circuit: { consecutiveFailures, lastFailure } }) =>
  consecutiveFailures >= minFailures && lastFailure && now() - new Date(lastFailure.at) <= failureLifetime
    ? consecutiveFailures : null;

// {kind, state of the tile, text}; null while calls succeed.
function failing(latest, points) {
  if (latest.circuit.state !== 'closed') return null;
  const [rate, failures] = [failureRate(latest, points), recentFailures(latest)];
  if (rate == null && failures == null) return null;
  const kind = rate >= 0.9 || failures >= 20 ? 'bad' : 'warn';
  return rate == null ? { kind, state: 'Calls fail', text: `The last ${number(failures)} calls to the routing service failed.` }
    : { kind, state: 'Most calls fail', text: `Most attempts fail: ${number(100 * rate)} % in the last 10 s.` };
}

/** Failing calls while the circuit is closed: a service that answers `routed: false` does not open it. */
export function routingFailures(latest, points) {
  const found = failing(latest, points);
  return !found ? [] : [{
    id: 'routing-failures', kind: found.kind, text: found.text,
    detail: `${lastCall(latest.circuit)}Contact its owner. Failed events are kept and can be replayed.`,
    ...hasNoPending(latest) ? toFailed : toPending,
  }];
}

/** The state of the tile: [kind, text]. */
export function routingState(latest, points) {
  if (isDown(latest)) return hasNoPending(latest) ? ['warn', 'Down at the last call'] : ['bad', 'Calls paused'];
  const found = failing(latest, points);
  if (found) return [found.kind, found.state];
  return { closed: ['good', 'Available'], absent: ['neutral', 'Not in this role'] }[latest.circuit.state]
    ?? ['neutral', latest.circuit.state];
}

export function circuitLine(latest, retries) {
  const { state, nextProbeSeconds } = latest.circuit;
  if (state === 'closed') return `circuit closed, ${decimal(retries)} retries/s`;
  if (state !== 'open') return '';
  if (nextProbeSeconds >= 1) return `circuit open, probe in ${secondsText(Math.ceil(nextProbeSeconds))}`;
  return hasNoPending(latest) ? 'circuit open, next event probes' : 'circuit open, probing';
}

/** The question to confirm a replay during an outage; null without one. */
export function replayQuestion(latest) {
  if (!isDown(latest)) return null;
  return hasNoPending(latest)
    ? 'The routing service was down at the last call. Replayed events probe it and stay pending until it answers.'
    : 'The routing service is down. Replayed events stay pending until it recovers.';
}
