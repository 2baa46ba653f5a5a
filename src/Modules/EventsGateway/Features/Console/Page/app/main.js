import { call, session, setRole } from './api.js';
import { drawLayout, hideLayout, highlightCurrent, setTitle } from './layout.js';
import { note } from './dom.js';
import { follow, unfollow } from './live.js';
import { currentRoute } from './route.js';
import { audit } from '../views/audit.js';
import { erasure } from '../views/erasure.js';
import { event } from '../views/event.js';
import { events } from '../views/events.js';
import { failed } from '../views/failed.js';
import { login } from '../views/login.js';
import { missing } from '../views/missing.js';
import { overview } from '../views/overview.js';
import { processes } from '../views/processes.js';
import { rejected } from '../views/rejected.js';
import { source } from '../views/source.js';
import { sources } from '../views/sources.js';

const main = document.getElementById('main');
// Without a prototype: #/__proto__ is no view.
const views = { __proto__: null, '': overview, events, failed, rejected, sources, processes, audit, erasure };
const details = { __proto__: null, events: event, sources: source };
let current = null;
let isLoggedIn = false;

/** A view is {title, node, dispose}. Its heading takes the focus, so that screen readers announce the view. */
function showView(view, hasMoved) {
  current?.dispose?.();
  current = view;
  setTitle(view.title);
  main.replaceChildren(...[view.node].flat());
  if (!hasMoved) return;
  scrollTo(0, 0);
  const heading = main.querySelector('h1');
  heading?.setAttribute('tabindex', '-1');
  heading?.focus({ preventScroll: true });
}

function route(hasMoved = true) {
  if (!isLoggedIn) return;
  const { path: [name = '', key], query } = currentRoute();
  highlightCurrent(name);
  const view = key && details[name] ? details[name](key, query) : (views[name] ?? missing)(query);
  showView(view, hasMoved);
}

// The address stays, so that the login leads back to the view.
function showLogin(isExpired) {
  isLoggedIn = false;
  unfollow();
  hideLayout();
  showView(login(isExpired, enter), isExpired);
}

async function enter() {
  let state;
  try {
    state = await call('GET', '/console/session');
  } catch (fault) {
    main.replaceChildren(note('bad', fault.message));
    return;
  }
  if (state.loginNeeded) return showLogin(false);
  isLoggedIn = true;
  setRole(state.role);
  drawLayout(state, logout);
  follow();
  route(false);
}

async function logout() {
  await call('DELETE', '/console/session').catch(() => {});
  await enter();
}

session.addEventListener('ended', () => { if (isLoggedIn) showLogin(true); });
addEventListener('hashchange', () => route());
document.querySelector('.skip').addEventListener('click', skip => {
  // The hash names a view; the link must not change it.
  skip.preventDefault();
  main.focus();
});
enter();
