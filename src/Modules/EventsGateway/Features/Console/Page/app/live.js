import { call, session } from './api.js';
import { setClock } from './time.js';

const maxPoints = 300;
const minDelay = 1000;
const maxDelay = 15000;
// The gateway sends every second: without a message for this long the connection is lost, even if it looks open.
const timeout = 8000;

/** The newest snapshot and the points of the last five minutes. Listeners get this object after each change. */
export const live = { points: [], latest: null, at: null, isConnected: false, hasBegun: false };

const listeners = new Set();
let source = null;
let delay = minDelay;
let reconnect = null;
let watchdog = null;

export function onLive(listener) {
  listeners.add(listener);
  if (live.hasBegun) listener(live);
  return () => listeners.delete(listener);
}

const notify = () => { for (const listener of [...listeners]) listener(live); };

export function connect() {
  close();
  source = new EventSource('/console/live');
  source.addEventListener('history', message => { live.points = JSON.parse(message.data).points; });
  source.addEventListener('live', message => receive(JSON.parse(message.data)));
  source.addEventListener('error', disconnect);
  startWatchdog();
}

/** The total of a member that counts per second. */
export const sum = (points, name) => Math.round(points.reduce((total, point) => total + (point[name] ?? 0), 0));

/** The newest value of a member that not every point has; null without one. */
export const newest = (points, name) => points.findLast(point => point[name] != null)?.[name] ?? null;

/** Failed events that are still stored: the count includes removed ones. */
export const remainingFailed = counts => Math.max(0, (counts?.failed ?? 0) - (counts?.removed?.failed ?? 0));

function receive(data) {
  live.points = [...live.points.filter(each => each.t !== data.point.t), data.point].slice(-maxPoints);
  Object.assign(live, { latest: data, at: Date.now(), isConnected: true, hasBegun: true });
  setClock(data.point.t);
  delay = minDelay;
  startWatchdog();
  notify();
}

function startWatchdog() {
  clearTimeout(watchdog);
  watchdog = setTimeout(disconnect, timeout);
}

function disconnect() {
  close();
  live.isConnected = false;
  notify();
  reconnect = setTimeout(connect, delay);
  delay = Math.min(maxDelay, delay * 2);
  checkSession();
}

// EventSource reports no status code: ask whether it was a 401.
async function checkSession() {
  const state = await call('GET', '/console/session').catch(() => null);
  if (state?.loginNeeded) session.dispatchEvent(new Event('ended'));
}

export function close() {
  source?.close();
  source = null;
  clearTimeout(reconnect);
  clearTimeout(watchdog);
}

// Browsers allow six connections per host for all tabs together: a hidden tab closes its own.
let isFollowing = false;
export function follow() {
  isFollowing = true;
  if (!document.hidden) connect();
}

export function unfollow() {
  isFollowing = false;
  close();
  Object.assign(live, { points: [], latest: null, at: null, isConnected: false, hasBegun: false });
}

document.addEventListener('visibilitychange', () => {
  if (!isFollowing) return;
  if (document.hidden) close();
  else connect();
});
