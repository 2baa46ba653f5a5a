import { decimal } from '../app/labels.js';
import { secondsText } from '../app/time.js';

const finding = (latest, id) => latest.status.findings.find(one => one.id === id);
const hasNoPending = latest => finding(latest, 'circuit-idle') != null;

export const isDown = latest => latest?.circuit.state === 'open';

/** The state of the tile: [kind, text]. Whether calls fail is a finding of the gateway. */
export function routingState(latest) {
  if (isDown(latest)) return hasNoPending(latest) ? ['warn', 'Down at the last call'] : ['bad', 'Calls paused'];
  const failing = finding(latest, 'routing-fails');
  if (failing) return [failing.severity === 'critical' ? 'bad' : 'warn', 'Calls fail'];
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
