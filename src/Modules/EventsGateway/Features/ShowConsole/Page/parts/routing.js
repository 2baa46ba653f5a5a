import { sum } from '../app/live.js';
import { hash } from '../app/route.js';
import { ageText, secondsText } from '../app/time.js';
import { decimal, number } from '../app/words.js';

// Of attempts, for "most" to mean something.
const fewest = 5;
const telling = 20;
const toWaiting = { href: hash('events', { status: 'pending' }), action: 'See waiting events' };
const toFailed = { href: hash('failed'), action: 'See failed events' };

const nothingWaits = ({ counts }) => counts?.pending === 0;

/** The routing service did not answer when it was asked last: true, and whether anything waits for it. */
export const isDown = latest => latest?.breaker.state === 'open';

/** Which service, what it said last, and when. */
function said({ address, lastFailure }) {
  const what = lastFailure ? `${lastFailure.error.replace(/\.$/, '')}, ${ageText(lastFailure.at)}` : '';
  const text = [address, what].filter(Boolean).join(': ');
  return text && `${text}. `;
}

/** The outage in the sentence of a verdict. */
export function outage(latest) {
  if (!isDown(latest)) return [];
  const { restSeconds, notClosedForSeconds, lastFailure } = latest.breaker;
  if (nothingWaits(latest)) return [{
    id: 'breaker-quiet', kind: 'warn', text: `The routing service was down when it was last asked${lastFailure ? `, ${ageText(lastFailure.at)}` : ''}; nothing waits for it.`,
    more: `${said(latest.breaker)}The next event asks it again.`,
  }];
  const next = restSeconds >= 1 ? `next probe in ${secondsText(Math.ceil(restSeconds))}` : 'the next event that is due asks again';
  const since = notClosedForSeconds >= 1 ? `Down for ${secondsText(Math.floor(notClosedForSeconds))}. ` : '';
  return [{
    id: 'breaker', kind: 'bad', text: `Routing service is down: calls rest, ${next}.`, ...toWaiting,
    more: `${said(latest.breaker)}${since}Webhooks are accepted as before. Their events wait, for 24 h unless set otherwise, spend no attempts, and go on by themselves once it answers.`,
  }];
}

const failedIn = points => sum(points, 'retries') + sum(points, 'failed');
const attemptsIn = points => failedIn(points) + sum(points, 'processed');

// Ten seconds, or as many more as it takes to tell; a minute at most.
function latestOf(points) {
  for (let seconds = 10; seconds < 60; seconds++) {
    const latest = points.slice(-seconds);
    if (attemptsIn(latest) >= telling) return latest;
  }
  return points.slice(-60);
}

// How much of them fails; null unless most do. Events of ended shipments fail without a call.
function failing({ breaker: { state, lastFailure } }, points) {
  const latest = latestOf(points);
  const failed = failedIn(latest);
  const share = failed / attemptsIn(latest);
  const isOfCalls = lastFailure && new Date(lastFailure.at) >= latest[0]?.t - 1000;
  return state === 'closed' && failed >= fewest && share > 0.5 && isOfCalls ? { percent: 100 * share, seconds: latest.length } : null;
}

/** A service that answers `routed: false` to everything leaves the breaker closed, and is as good as down. */
export function failingCalls(latest, points) {
  const found = failing(latest, points);
  return !found ? [] : [{
    id: 'failing', kind: 'warn', text: `Most attempts fail: ${number(found.percent)} % in the last ${found.seconds} s.`,
    more: `${said(latest.breaker)}Each event is tried again until its attempts are spent.`, ...nothingWaits(latest) ? toFailed : toWaiting,
  }];
}

/** For the station's tile: [kind, state]. */
export function routingState(latest, points) {
  if (isDown(latest)) return nothingWaits(latest) ? ['warn', 'Down when last asked'] : ['bad', 'Calls rest'];
  if (failing(latest, points)) return ['warn', 'Most calls fail'];
  return { closed: ['good', 'Calls go through'], absent: ['calm', 'Not in this role'] }[latest.breaker.state] ?? ['calm', latest.breaker.state];
}

export function routingLine(latest, retries) {
  const { state, restSeconds } = latest.breaker;
  if (state === 'closed') return `breaker closed, ${decimal(retries)} retries/s`;
  if (state !== 'open') return '';
  if (restSeconds >= 1) return `breaker open, probe in ${secondsText(Math.ceil(restSeconds))}`;
  return nothingWaits(latest) ? 'breaker open, the next event asks' : 'breaker open, probing';
}

/** What to ask before a replay; null where nothing speaks against it. */
export function doubt(latest) {
  if (!isDown(latest)) return null;
  return nothingWaits(latest)
    ? 'The routing service was down when it was last asked. Replayed events ask it again, and wait until it answers. Replay?'
    : 'The routing service is down. Replayed events wait until it answers. Replay all the same?';
}
