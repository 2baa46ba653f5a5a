import { call, session } from './api.js';
import { drawChrome, hideChrome, markCurrent } from './chrome.js';
import { note } from './dom.js';
import { follow, unfollow } from './live.js';
import { current } from './route.js';
import { audit } from '../views/audit.js';
import { event } from '../views/event.js';
import { events } from '../views/events.js';
import { failed } from '../views/failed.js';
import { login } from '../views/login.js';
import { overview } from '../views/overview.js';
import { rejected } from '../views/rejected.js';

const main = document.getElementById('main');
const views = { '': overview, events, failed, rejected, audit };
let shown = null;
let isIn = false;

/** A view is {title, node, dispose}; its first heading takes the focus, so that a screen reader tells where one is. */
function put(view, hasMoved) {
  shown?.dispose?.();
  shown = view;
  document.title = `${view.title} · Gateway console`;
  main.replaceChildren(...[view.node].flat());
  if (!hasMoved) return;
  scrollTo(0, 0);
  const heading = main.querySelector('h1');
  heading?.setAttribute('tabindex', '-1');
  heading?.focus({ preventScroll: true });
}

function route(hasMoved = true) {
  if (!isIn) return;
  const { path: [name = '', key], query } = current();
  markCurrent(name);
  const view = name === 'events' && key ? event(key) : (views[name] ?? overview)(query);
  put(view, hasMoved);
}

// The address stays while one logs in: afterwards one is where one wanted to be.
function askLogin(isExpired) {
  isIn = false;
  unfollow();
  hideChrome();
  put(login(isExpired, enter), isExpired);
}

async function enter() {
  let state;
  try {
    state = await call('GET', '/console/session');
  } catch (fault) {
    main.replaceChildren(note('bad', fault.message));
    return;
  }
  if (state.loginNeeded) return askLogin(false);
  isIn = true;
  drawChrome(state, logout);
  follow();
  route(false);
}

async function logout() {
  await call('DELETE', '/console/session').catch(() => {});
  await enter();
}

session.addEventListener('ended', () => { if (isIn) askLogin(true); });
addEventListener('hashchange', () => route());
document.querySelector('.skip').addEventListener('click', skip => {
  // The hash belongs to the views.
  skip.preventDefault();
  main.focus();
});
enter();
