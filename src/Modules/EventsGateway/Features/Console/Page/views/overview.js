import { announce, el, link, setText, show, unseen } from '../app/dom.js';
import { onLive } from '../app/live.js';
import { hash } from '../app/route.js';
import { secondsText } from '../app/time.js';
import { verdict } from '../app/verdict.js';
import { number } from '../app/words.js';
import { charts } from '../parts/charts.js';
import { flow } from '../parts/flow.js';
import { glances } from '../parts/glances.js';
import { mark } from '../parts/marks.js';

export function overview() {
  const state = stateOfAll();
  const stations = flow();
  const numbers = totals();
  const graphs = charts();
  const lists = glances();
  const node = el('div', { class: 'overview' }, el('h1', { class: 'unseen' }, 'Overview'), state.node,
    el('section', {}, el('h2', { class: 'unseen' }, 'Stations'), stations.node),
    el('section', {}, el('h2', { class: 'unseen' }, 'Events in the store'), numbers.node), graphs.node, lists.node);
  const leave = onLive(({ latest, points, isConnected }) => {
    if (!latest) return;
    node.classList.toggle('stale', !isConnected);
    state.draw(latest, points);
    stations.draw(latest, points);
    numbers.draw(latest.counts);
    graphs.draw(points);
  });
  return {
    title: 'Overview', node,
    dispose() {
      leave();
      graphs.dispose();
      lists.dispose();
    },
  };
}

function stateOfAll() {
  const node = el('section', { class: 'verdict' }, unseen('Waiting for the first numbers.'));
  let drawn = '';
  return {
    node,
    draw(latest, points) {
      const [worst, ...others] = verdict(latest, points);
      const now = JSON.stringify([worst, ...others]);
      if (now === drawn) return;
      drawn = now;
      if (node.dataset.id !== worst.id) announce(`${worst.text} ${worst.more}`);
      Object.assign(node.dataset, { id: worst.id, kind: worst.kind });
      // A link that has the focus keeps it: only what says something else is made anew.
      if (!node.querySelector('.text') || node.dataset.shape !== shapeOf(worst, others)) make(node, worst, others);
      setText(node.querySelector('.text'), worst.text);
      setText(node.querySelector('.beside'), worst.more);
      node.querySelectorAll('.other span').forEach((line, at) => setText(line, others[at].text));
    },
  };
}

const shapeOf = (worst, others) => [worst, ...others].map(one => one.id).join();

function make(node, worst, others) {
  node.dataset.shape = shapeOf(worst, others);
  node.replaceChildren(...[mark(worst.kind), el('div', {},
    el('h2', { class: 'text' }), el('p', { class: 'beside' }),
    others.length > 0 && el('ul', {}, others.map(one => el('li', { class: 'other' }, mark(one.kind), el('span', {}), one.href && one.href !== worst.href && link(one.href, one.action))))),
  worst.href && link(worst.href, worst.action, { class: 'as-button' })].filter(Boolean));
}

function totals() {
  const entries = [
    ['accepted', 'Accepted', hash('events')], ['pending', 'Pending', hash('events', { status: 'pending' })],
    ['processed', 'Processed', hash('events', { status: 'processed' })], ['failed', 'Failed', hash('failed')],
    ['oldestPendingSeconds', 'Oldest pending', hash('events', { status: 'pending' })], ['queuedMessages', 'In the queue', null],
  ];
  const values = entries.map(([name, title, href]) => ({ name, node: href ? link(href, '–') : el('span', {}, '–'), title }));
  const boxes = values.map(value => el('div', {}, el('dt', {}, value.title), el('dd', { 'data-count': value.name }, value.node)));
  const queued = boxes.at(-1);
  show(queued, false);
  return {
    node: el('dl', { class: 'totals' }, boxes),
    draw(counts) {
      for (const { name, node } of values) {
        const value = counts?.[name];
        setText(node, counts && name === 'oldestPendingSeconds' ? ageOf(value) : number(value));
      }
      show(queued, counts?.queuedMessages != null);
    },
  };
}

const ageOf = seconds => seconds == null ? 'none' : seconds < 1 ? 'under 1 s' : secondsText(Math.floor(seconds));
