import { el, note } from '../app/dom.js';
import { history } from '../app/history.js';
import { live, onLive } from '../app/live.js';
import { now, secondsText } from '../app/time.js';
import { chart } from './chart.js';
import { ofProcesses, ofSource } from './chart-definitions.js';
import { rangeChoice } from './range-choice.js';

// A range that ends now is read again after this many of its points: reading a long one takes the gateway half a second.
const refreshAfter = view => Math.min(300, Math.max(10, view.seconds / 1000)) * 1000;

/** The charts of all processes, or those of a source. The last five minutes of the overview are those of this process, live. */
export function charts(query, source = null) {
  const choice = rangeChoice(query, () => start());
  const all = (source ? ofSource : ofProcesses).map(one => chart({ ...one, zoomed: choice.zoom }));
  const state = el('div', { class: 'state' });
  const recolour = () => { for (const one of all) one.recolour(); };
  let view = null;
  let loading = null;
  let readAt = 0;
  addEventListener('theme', recolour);

  const isLive = () => source === null && view.id === '5min';

  function draw(points, step, [from, to]) {
    choice.describe(step);
    const range = { from: from / 1000, to: to / 1000, step: secondsText(step), text: view.id ? `last ${view.text}` : view.text };
    for (const one of all) one.draw(points, range);
  }

  async function load() {
    loading?.abort();
    const own = loading = new AbortController();
    readAt = Date.now();
    const [from, to] = view.bounds();
    try {
      const found = await history({ source, from, to: view.id ? null : to }, own.signal);
      if (loading !== own) return;
      state.replaceChildren(...found.fault ? [note('warn', `Not all points are known: ${found.fault}`)] : []);
      draw(found.points, found.step, [from, to]);
    } catch (fault) {
      if (loading === own && fault.name !== 'AbortError') state.replaceChildren(note('warn', fault.message));
    }
  }

  function drawLive(points) {
    const last = points.at(-1)?.t ?? now();
    draw(points, 1, [last - view.seconds * 1000, last]);
  }

  function start() {
    loading?.abort();
    loading = null;
    state.replaceChildren();
    view = choice.view();
    if (!isLive()) load();
    else if (live.hasBegun) drawLive(live.points);
  }

  start();
  const unsubscribe = onLive(({ points }) => {
    if (isLive()) drawLive(points);
    else if (view.id && Date.now() - readAt >= refreshAfter(view)) load();
  });
  return {
    node: el('section', { class: 'stack', 'aria-label': 'Charts' }, choice.node, state,
      el('div', { class: source ? 'charts of-source' : 'charts' }, all.map(one => one.node))),
    dispose() {
      unsubscribe();
      loading?.abort();
      removeEventListener('theme', recolour);
      for (const one of all) one.dispose();
    },
  };
}
