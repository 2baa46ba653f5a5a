import { call, session } from './api.js';
import { setClock } from './time.js';

const kept = 300;
const firstPause = 1000;
const longestPause = 15000;
// The gateway speaks every second; silence of a connection that looks open is a lost one.
const silence = 8000;

/** What the gateway tells every second. Listeners are called with this object after each change. */
export const live = { points: [], latest: null, at: null, isConnected: false, hasBegun: false };

const listeners = new Set();
let source = null;
let pause = firstPause;
let again = null;
let watchdog = null;

export function onLive(listener) {
  listeners.add(listener);
  if (live.hasBegun) listener(live);
  return () => listeners.delete(listener);
}

const tell = () => { for (const listener of [...listeners]) listener(live); };

export function connect() {
  close();
  source = new EventSource('/console/live');
  source.addEventListener('history', message => { live.points = JSON.parse(message.data).points; });
  source.addEventListener('live', message => take(JSON.parse(message.data)));
  source.addEventListener('error', lose);
  watch();
}

/** Of what points count per second: how many in all. */
export const sum = (points, name) => Math.round(points.reduce((total, point) => total + (point[name] ?? 0), 0));

/** Of what not every second tells: the newest; null without one. */
export const newest = (points, name) => points.findLast(point => point[name] != null)?.[name] ?? null;

/** Failed events that are still there: the counts keep those that were erased. */
export const failedLeft = counts => Math.max(0, (counts?.failed ?? 0) - (counts?.removed?.failed ?? 0));

function take(data) {
  live.points = [...live.points.filter(each => each.t !== data.point.t), data.point].slice(-kept);
  Object.assign(live, { latest: data, at: Date.now(), isConnected: true, hasBegun: true });
  setClock(data.point.t);
  pause = firstPause;
  watch();
  tell();
}

function watch() {
  clearTimeout(watchdog);
  watchdog = setTimeout(lose, silence);
}

function lose() {
  close();
  live.isConnected = false;
  tell();
  again = setTimeout(connect, pause);
  pause = Math.min(longestPause, pause * 2);
  checkSession();
}

// EventSource tells no status: whether it was a 401 has to be asked.
async function checkSession() {
  const state = await call('GET', '/console/session').catch(() => null);
  if (state?.loginNeeded) session.dispatchEvent(new Event('ended'));
}

export function close() {
  source?.close();
  source = null;
  clearTimeout(again);
  clearTimeout(watchdog);
}

// A browser opens six connections to a host, for all its tabs together: one that nobody looks at gives its own back.
let isWanted = false;
export function follow() {
  isWanted = true;
  if (!document.hidden) connect();
}

export function unfollow() {
  isWanted = false;
  close();
  Object.assign(live, { points: [], latest: null, at: null, isConnected: false, hasBegun: false });
}

document.addEventListener('visibilitychange', () => {
  if (!isWanted) return;
  if (document.hidden) close();
  else connect();
});
