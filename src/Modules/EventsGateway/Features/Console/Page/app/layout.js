import { icon, statusIcon } from '../components/icons.js';
import { may } from './api.js';
import { button, el, link, setText, show } from './dom.js';
import { count, number } from './labels.js';
import { live, onLive, remainingFailed } from './live.js';
import { hash } from './route.js';
import { ageText, secondsText, timeText, zone } from './time.js';

const views = [
  ['', 'overview', 'Overview'], ['events', 'events', 'Events'], ['failed', 'failed', 'Failed'],
  ['rejected', 'rejected', 'Rejected'], ['sources', 'sources', 'Sources'], ['processes', 'processes', 'Processes'],
  ['audit', 'audit', 'Audit'], ['erasure', 'erasure', 'Erasure', 'admin'],
];
const id = name => document.getElementById(name);
const failedCount = el('span', { class: 'count', hidden: true });
const connection = el('span', { class: 'connection' });

/** The header and footer of every view: navigation, connection state, theme, user, process. */
export function drawLayout({ name, role, canLogOut }, logout) {
  const shown = views.filter(([, , , role]) => !role || may(role));
  id('nav').replaceChildren(el('ul', {}, shown.map(([path, picture, title]) => el('li', {},
    link(hash(path), [icon(picture), el('span', {}, title), path === 'failed' && failedCount], { 'data-path': path })))));
  show(id('nav'), true);
  const user = name ? [
    el('span', { class: 'user muted', title: `The name of your key in the audit log; its role is ${role}` }, name),
    canLogOut && button('Log out', logout, { class: 'subtle' }),
  ].filter(Boolean) : [];
  id('toolbar').replaceChildren(connection, themeButton(), ...user);
}

let view = '';

/** The title of the document begins with the state, which a tab shows while another one is read. */
export function setTitle(title = view) {
  view = title;
  const state = !live.startedAt ? '' : live.lostAt ? 'Not connected' : stateText(live.status);
  document.title = [state, view, 'Gateway console'].filter(Boolean).join(' · ');
}

const stateText = status => !status ? '' : status.state === 'healthy' ? 'Healthy'
  : `${status.state[0].toUpperCase()}${status.state.slice(1)} (${status.findings.length})`;

export function hideLayout() {
  show(id('nav'), false);
  show(id('connection-lost'), false);
  id('toolbar').replaceChildren(themeButton());
  id('footer').replaceChildren();
}

export function highlightCurrent(path) {
  for (const one of id('nav').querySelectorAll('a')) {
    if (one.dataset.path === path) one.setAttribute('aria-current', 'page');
    else one.removeAttribute('aria-current');
  }
}

function themeButton() {
  const isDark = () => document.documentElement.dataset.theme
    ? document.documentElement.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  const node = button('', () => {
    document.documentElement.dataset.theme = isDark() ? 'light' : 'dark';
    try {
      localStorage.setItem('gateway-console-theme', document.documentElement.dataset.theme);
    } catch { /* Without storage the choice lasts until the page is reloaded. */ }
    draw();
    dispatchEvent(new Event('theme'));
  }, { class: 'subtle square' });
  const draw = () => {
    node.replaceChildren(icon(isDark() ? 'sun' : 'moon'));
    node.setAttribute('aria-label', isDark() ? 'Light theme' : 'Dark theme');
    node.title = node.getAttribute('aria-label');
  };
  draw();
  return node;
}

matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => dispatchEvent(new Event('theme')));

onLive(() => {
  const failed = remainingFailed(live.latest?.counts);
  show(failedCount, failed > 0);
  setText(failedCount, failed > 99999 ? '99,999+' : number(failed));
  failedCount.title = count(failed, 'failed event');
  setTitle();
  drawConnection();
  drawProcess();
});
setInterval(drawConnection, 5000);

function drawConnection() {
  const text = live.isConnected ? 'Live' : 'Not live';
  if (connection.textContent !== text) connection.replaceChildren(statusIcon(live.isConnected ? 'good' : 'warn'), text);
  const lost = id('connection-lost');
  show(lost, live.lostAt != null);
  if (live.lostAt) setText(lost, `Connection lost. Since ${timeText(live.lostAt)} (${ageText(live.lostAt)}) nothing is known`
    + `${live.at ? '; the page shows the state of then' : ''}. Reconnecting.`);
}

function drawProcess() {
  if (!live.latest) return;
  const { process, point } = live.latest;
  const minutes = Math.floor((point.t - new Date(process.startedAt)) / 60000);
  const uptime = minutes < 1 ? 'less than a minute' : secondsText(minutes * 60);
  setText(id('footer'), `Version ${process.version}, profile ${process.profile}, role ${process.role}. `
    + `Process ${process.pid} on ${process.host}, uptime ${uptime}. `
    + `Rates and latencies are those of this process, counts those of the store. Time zone: ${zone()}.`);
}
