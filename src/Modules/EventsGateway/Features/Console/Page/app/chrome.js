import { button, el, link, setText, show } from './dom.js';
import { failedLeft, live, onLive } from './live.js';
import { clockText, secondsText, zone } from './time.js';
import { count, number } from './words.js';
import { hash } from './route.js';
import { icon, mark } from '../parts/marks.js';

const views = [['', 'overview', 'Overview'], ['events', 'events', 'Events'], ['failed', 'failed', 'Failed'], ['rejected', 'rejected', 'Rejected'], ['audit', 'audit', 'Audit']];
const id = name => document.getElementById(name);
const failedCount = el('span', { class: 'count', hidden: true });
const state = el('span', { class: 'connection' });

/** What stands round every view: the ways to them, the connection, the page's colours, who is logged in. */
export function drawChrome({ name, canLogOut }, logout) {
  id('nav').replaceChildren(el('ul', {}, views.map(([path, picture, title]) => el('li', {},
    link(hash(path), [icon(picture), el('span', {}, title), path === 'failed' && failedCount], { 'data-path': path })))));
  show(id('nav'), true);
  const who = name ? [el('span', { class: 'who soft', title: 'Who you are in the audit records' }, name), canLogOut && button('Log out', logout, { class: 'quiet' })].filter(Boolean) : [];
  id('tools').replaceChildren(state, themeButton(), ...who);
}

export function hideChrome() {
  show(id('nav'), false);
  show(id('lost'), false);
  id('tools').replaceChildren(themeButton());
  id('foot').replaceChildren();
}

export function markCurrent(path) {
  for (const one of id('nav').querySelectorAll('a')) {
    if (one.dataset.path === path) one.setAttribute('aria-current', 'page');
    else one.removeAttribute('aria-current');
  }
}

function themeButton() {
  const isDark = () => document.documentElement.dataset.theme
    ? document.documentElement.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  const made = button('', () => {
    document.documentElement.dataset.theme = isDark() ? 'light' : 'dark';
    try {
      localStorage.setItem('gateway-console-theme', document.documentElement.dataset.theme);
    } catch { /* A browser that keeps nothing: for this page only. */ }
    draw();
    dispatchEvent(new Event('theme'));
  }, { class: 'quiet square' });
  const draw = () => {
    made.replaceChildren(icon(isDark() ? 'sun' : 'moon'));
    made.setAttribute('aria-label', isDark() ? 'Light colours' : 'Dark colours');
    made.title = made.getAttribute('aria-label');
  };
  draw();
  return made;
}

matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => dispatchEvent(new Event('theme')));

onLive(() => {
  const failed = failedLeft(live.latest?.counts);
  show(failedCount, failed > 0);
  setText(failedCount, failed > 99999 ? '99,999+' : number(failed));
  failedCount.title = count(failed, 'failed event');
  drawConnection();
  drawProcess();
});

function drawConnection() {
  const text = live.isConnected ? 'Live' : 'Not live';
  if (state.textContent !== text) state.replaceChildren(mark(live.isConnected ? 'good' : 'warn'), text);
  const lost = id('lost');
  show(lost, live.hasBegun && !live.isConnected);
  if (!live.isConnected && live.at) setText(lost, `Connection lost. The numbers are from ${clockText(live.at)}; trying again.`);
}

function drawProcess() {
  if (!live.latest) return;
  const { process, point } = live.latest;
  const minutes = Math.floor((point.t - new Date(process.startedAt)) / 60000);
  const up = minutes < 1 ? 'less than a minute' : secondsText(minutes * 60);
  setText(id('foot'), `${process.profile}, role ${process.role}, version ${process.version}. `
    + `Process ${process.pid} on ${process.host}, up for ${up}. Rates, latencies and rejected requests are of this process; counts are of the store. Times are those of ${zone()}.`);
}
