import { api, call, get, session } from './api.js';
import { now, setClock } from './time.js';

const maxPoints = 300;
const minDelay = 1000;
const maxDelay = 15000;
// The gateway sends every second: without a message for this long the connection is lost, even if it looks open.
const timeout = 8000;

// A hidden tab asks for its title only.
const hiddenInterval = 15000;

/**
 * The newest snapshot and the points of the last five minutes. `at`: when it came; `lostAt`: since when nothing is known.
 * Listeners get this object after each change.
 */
export const live = {
  points: [], latest: null, status: null, at: null, lostAt: null, startedAt: null, isConnected: false, hasBegun: false,
};

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
  setClock(data.point.t);
  Object.assign(live, { latest: data, status: data.status, at: now(), lostAt: null, isConnected: true, hasBegun: true });
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
  lose();
  reconnect = setTimeout(connect, delay);
  delay = Math.min(maxDelay, delay * 2);
  checkSession();
}

// Without a message since the page was opened: since then.
function lose() {
  live.isConnected = false;
  live.lostAt ??= live.at ?? live.startedAt;
  notify();
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

// Browsers allow six connections per host for all tabs together: a hidden tab closes its own. Its title stays right.
let isFollowing = false;
let hiddenTimer = null;
export function follow() {
  isFollowing = true;
  live.startedAt = now();
  if (document.hidden) hide();
  else connect();
}

export function unfollow() {
  isFollowing = false;
  close();
  clearInterval(hiddenTimer);
  Object.assign(live, {
    points: [], latest: null, status: null, at: null, lostAt: null, startedAt: null, isConnected: false, hasBegun: false,
  });
}

function hide() {
  close();
  clearInterval(hiddenTimer);
  hiddenTimer = setInterval(async () => {
    try {
      const status = await get(`${api}/status`);
      if (document.hidden && isFollowing) Object.assign(live, { status, at: now(), lostAt: null });
    } catch {
      live.lostAt ??= live.at ?? live.startedAt;
    }
    notify();
  }, hiddenInterval);
}

document.addEventListener('visibilitychange', () => {
  if (!isFollowing) return;
  clearInterval(hiddenTimer);
  if (document.hidden) hide();
  else connect();
});
