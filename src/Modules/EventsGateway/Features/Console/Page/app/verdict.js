import { failedLeft, newest, sum } from './live.js';
import { hash } from './route.js';
import { durationText } from './time.js';
import { count, engineText, number, reasonText, sentence, withoutEngine } from './words.js';
import { failingCalls, outage } from '../parts/routing.js';

/**
 * The state of the gateway in sentences, worst first. Each: {id, kind: good | warn | bad, text, more, href, action}.
 * `id` stays while the matter is the same one, however its numbers change.
 */
export function verdict(latest, points) {
  const found = [
    ...phase(latest.health), ...engines(latest.backends), ...door(latest), ...worker(latest), ...outage(latest),
    ...checks(latest.health), ...store(latest), ...failingCalls(latest, points), ...fullWorker(latest, points),
    ...rejections(points, latest.ingest), ...failures(points, latest.counts),
  ];
  const order = { bad: 0, warn: 1 };
  const sorted = found.map((one, at) => ({ one, at }))
    .sort((a, b) => order[a.one.kind] - order[b.one.kind] || a.at - b.at).map(({ one }) => one);
  return sorted.length ? sorted : [well(latest)];
}

function phase({ status }) {
  if (status === 'starting') return [{ id: 'starting', kind: 'warn', text: 'The gateway is starting.', more: 'It takes webhooks as soon as it is ready.' }];
  if (status === 'stopping') return [{ id: 'stopping', kind: 'warn', text: 'The gateway is stopping.', more: 'It finishes what it holds and takes nothing new; another process has to.' }];
  return [];
}

const isOnItsWay = ({ status }) => status === 'starting' || status === 'stopping';

const engines = all => all.filter(one => !one.up).map(one => ({
  id: `engine-${one.name}`, kind: one.name === 'redis' ? 'warn' : 'bad',
  text: `${engineText(one.name)} does not answer${one.detail ? `: ${one.detail.replace(/\.$/, '')}.` : '.'}`, more: withoutEngine(one.name),
}));

function door({ ingest: { state }, backends: all, health }) {
  const isExplained = isOnItsWay(health) || all.some(one => !one.up && one.name !== 'mongodb' && one.name !== 'redis');
  if (state !== 'unavailable' || isExplained) return [];
  return [{
    id: 'door', kind: 'bad', text: 'The door rejects webhooks with 503.', href: hash('rejected', { reason: 'unavailable' }), action: 'See rejected requests',
    more: 'What is accepted already is safe. Couriers send the rest again.',
  }];
}

function worker({ worker: { state }, health }) {
  if (state !== 'stalled') return [];
  const why = health.checks.find(check => check.name === 'worker')?.detail;
  return [{ id: 'worker', kind: 'bad', text: 'The worker is stuck: work is due, and nothing gets done.', more: sentence(why) || 'Look at its log and start it again: no event is lost by that.' }];
}

// Slow, and nothing fails: all attempts that may be are in work, and more comes than goes.
function fullWorker({ worker: { inFlight, slots } }, points) {
  const recent = points.slice(-20);
  const pending = recent.at(-1)?.pending;
  if (!slots || recent.length < 20 || recent.some(point => point.inFlight < slots) || !(pending > (recent[0].pending ?? pending))) return [];
  const median = newest(points, 'attemptP50');
  return [{
    id: 'full', kind: 'warn', text: `The worker is full: ${number(inFlight)} of ${number(slots)} attempts in work, and ${count(pending, 'event waits', 'events wait')}.`,
    more: `${median == null ? '' : `An attempt takes ${durationText(median)} (median). `}If the routing service is slower than usual, ask its owner; if there is simply more traffic, raise WORKER_PREFETCH.`,
    href: hash('events', { status: 'pending' }), action: 'See waiting events',
  }];
}

// What the sentences above have not said already.
function checks({ status, checks: all }) {
  if (isOnItsWay({ status })) return [];
  return all.filter(check => check.status !== 'healthy' && check.name !== 'worker').map(({ name, status: found, detail }) => {
    const reason = sentence(detail || `the check ${name} is ${found}`);
    return {
      id: `check-${name}`, kind: found === 'degraded' ? 'warn' : 'bad', text: reason, more: '',
      ...name === 'queue-reader' && { text: 'The intake stands still: events wait in the queue.', more: `Nothing is lost. ${reason}` },
      ...name === 'lag' && { more: 'Events wait for longer than they should.', href: hash('events', { status: 'pending' }), action: 'See pending events' },
    };
  });
}

// A door alone may have no store to ask.
function store({ counts, worker: { state }, backends: all, health }) {
  if (counts || state === 'absent' || isOnItsWay(health) || all.some(one => !one.up)) return [];
  return [{ id: 'counts', kind: 'warn', text: 'The store has not told how many events there are.', more: 'It is asked every two seconds. What is accepted is safe all the same.' }];
}

function rejections(points, { rejectedByReason }) {
  const minute = points.slice(-60);
  const rejected = sum(minute, 'rejected');
  const taken = sum(minute, 'accepted') + sum(minute, 'duplicate');
  if (rejected < 5 || rejected < taken) return [];
  const [reason] = Object.entries(rejectedByReason).filter(([name]) => name !== 'unavailable').sort(([, a], [, b]) => b - a)[0] ?? [];
  return [{
    id: 'rejections', kind: 'warn', text: `Most requests are rejected: ${number(100 * rejected / (rejected + taken))} % in the last minute.`,
    more: reason ? `Most often: ${reasonText(reason).toLowerCase()}.` : '', href: hash('rejected'), action: 'See rejected requests',
  }];
}

function failures(points, counts) {
  // The failures are those of this process, the store's count is that of all. How many of the latest were replayed nobody can tell.
  const latest = sum(points, 'failed');
  const failed = counts ? Math.min(latest, failedLeft(counts)) : latest;
  if (failed < 1) return [];
  return [{
    id: 'failures', kind: 'warn', text: `${count(failed, 'event')} failed in the last ${minutes(points)}.`,
    more: 'They are kept, and can be replayed once their cause is gone.', href: hash('failed'), action: 'See failed events',
  }];
}

function well({ counts, worker: { state } }) {
  const failed = failedLeft(counts);
  const calm = !counts ? 'Webhooks are accepted. The store has not told how many events wait.'
    : state === 'absent' ? 'Webhooks are accepted.' : 'Webhooks are accepted, and nothing waits for longer than it should.';
  return {
    id: 'well', kind: 'good', text: 'All is well.',
    more: failed ? `${calm} ${count(failed, 'event')} failed earlier and ${failed === 1 ? 'waits' : 'wait'} for a decision.` : calm,
    ...failed && { href: hash('failed'), action: 'See failed events' },
  };
}

const minutes = points => points.length > 90 ? `${Math.round(points.length / 60)} minutes` : 'minute';
