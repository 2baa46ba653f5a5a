import { sum } from '../app/live.js';
import { hash } from '../app/route.js';
import { ageText, now, secondsText } from '../app/time.js';
import { decimal, number } from '../app/words.js';

// Of attempts, for "most" to mean something.
const fewest = 5;
// Calls in a row, and for how long (ms) the last of them counts: a service that nobody has asked since may be well.
const shortest = 3;
const longest = 5 * 60 * 1000;
const toWaiting = { href: hash('events', { status: 'pending' }), action: 'See waiting events' };
const toFailed = { href: hash('failed'), action: 'See failed events' };

const nothingWaits = ({ counts }) => counts?.pending === 0;

/** The routing service did not answer when it was asked last. */
export const isDown = latest => latest?.circuit.state === 'open';

/** Which service, what it said last, and when. */
function said({ address, lastFailure }) {
  const what = lastFailure ? `${lastFailure.error.replace(/\.$/, '')}, ${ageText(lastFailure.at)}` : '';
  const text = [address, what].filter(Boolean).join(': ');
  return text && `${text}. `;
}

/** The outage in the sentence of a verdict. */
export function outage(latest) {
  if (!isDown(latest)) return [];
  const { nextProbeSeconds, openForSeconds, lastFailure } = latest.circuit;
  if (nothingWaits(latest)) return [{
    id: 'breaker-quiet', kind: 'warn', text: `The routing service was down when it was last asked${lastFailure ? `, ${ageText(lastFailure.at)}` : ''}; nothing waits for it.`,
    more: `${said(latest.circuit)}The next event asks it again.`,
  }];
  const next = nextProbeSeconds >= 1 ? `next probe in ${secondsText(Math.ceil(nextProbeSeconds))}` : 'the next event that is due asks again';
  const since = openForSeconds >= 1 ? `Down for ${secondsText(Math.floor(openForSeconds))}. ` : '';
  return [{
    id: 'breaker', kind: 'bad', text: `Routing service is down: calls rest, ${next}.`, ...toWaiting,
    more: `${said(latest.circuit)}${since}Webhooks are accepted as before. Their events wait, for 24 h unless set otherwise, spend no attempts, and go on by themselves once it answers.`,
  }];
}

const failedIn = points => sum(points, 'retries') + sum(points, 'failed');
const attemptsIn = points => failedIn(points) + sum(points, 'processed');

// Most attempts of the last ten seconds. Events of ended shipments fail without a call.
function failingShare({ circuit: { lastFailure } }, points) {
  const recent = points.slice(-10);
  const failed = failedIn(recent);
  const share = failed / attemptsIn(recent);
  return failed >= fewest && share > 0.5 && lastFailure && new Date(lastFailure.at) >= recent[0].t - 1000 ? share : null;
}

// With little traffic ten seconds tell nothing: then the calls since one was routed do.
const failedInARow = ({ circuit: { consecutiveFailures: streak, lastFailure } }) =>
  streak >= shortest && lastFailure && now() - new Date(lastFailure.at) <= longest ? streak : null;

// {kind, state for the tile, text}; null while calls go through.
function failing(latest, points) {
  if (latest.circuit.state !== 'closed') return null;
  const [share, streak] = [failingShare(latest, points), failedInARow(latest)];
  if (share == null && streak == null) return null;
  const kind = share >= 0.9 || streak >= 20 ? 'bad' : 'warn';
  return share == null ? { kind, state: 'Calls fail', text: `The last ${number(streak)} calls to the routing service failed.` }
    : { kind, state: 'Most calls fail', text: `Most attempts fail: ${number(100 * share)} % in the last 10 s.` };
}

/** A service that answers `routed: false` to everything leaves the breaker closed, and is as good as down. */
export function failingCalls(latest, points) {
  const found = failing(latest, points);
  return !found ? [] : [{
    id: 'failing', kind: found.kind, text: found.text,
    more: `${said(latest.circuit)}Ask its owner. What fails for good is kept, and can be replayed.`, ...nothingWaits(latest) ? toFailed : toWaiting,
  }];
}

/** For the station's tile: [kind, state]. */
export function routingState(latest, points) {
  if (isDown(latest)) return nothingWaits(latest) ? ['warn', 'Down when last asked'] : ['bad', 'Calls rest'];
  const found = failing(latest, points);
  if (found) return [found.kind, found.state];
  return { closed: ['good', 'Calls go through'], absent: ['calm', 'Not in this role'] }[latest.circuit.state] ?? ['calm', latest.circuit.state];
}

export function routingLine(latest, retries) {
  const { state, nextProbeSeconds } = latest.circuit;
  if (state === 'closed') return `breaker closed, ${decimal(retries)} retries/s`;
  if (state !== 'open') return '';
  if (nextProbeSeconds >= 1) return `breaker open, probe in ${secondsText(Math.ceil(nextProbeSeconds))}`;
  return nothingWaits(latest) ? 'breaker open, the next event asks' : 'breaker open, probing';
}

/** What to ask before a replay; null where nothing speaks against it. */
export function doubt(latest) {
  if (!isDown(latest)) return null;
  return nothingWaits(latest)
    ? 'The routing service was down when it was last asked. Replayed events ask it again, and wait until it answers. Replay?'
    : 'The routing service is down. Replayed events wait until it answers. Replay all the same?';
}
