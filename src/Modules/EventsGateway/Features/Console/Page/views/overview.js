import { el, link, setText, show } from '../app/dom.js';
import { onLive } from '../app/live.js';
import { hash } from '../app/route.js';
import { secondsText } from '../app/time.js';
import { number } from '../app/labels.js';
import { charts } from '../components/charts.js';
import { pipeline } from '../components/pipeline.js';
import { routingPauses } from '../components/routing-pauses.js';
import { statusPanel } from '../components/status-panel.js';
import { summaryCards } from '../components/summary-cards.js';

export function overview(query) {
  const status = statusPanel();
  const stages = pipeline();
  const numbers = totals();
  const graphs = charts(query);
  const lists = summaryCards();
  const pauses = routingPauses();
  const node = el('div', { class: 'overview' }, el('h1', { class: 'visually-hidden' }, 'Overview'), status.node,
    el('section', {}, el('h2', { class: 'visually-hidden' }, 'Pipeline'), stages.node),
    el('section', {}, el('h2', { class: 'visually-hidden' }, 'Events in the store'), numbers.node), graphs.node, lists.node,
    pauses.node);
  const unsubscribe = onLive(({ latest, points, isConnected }) => {
    if (!latest) return;
    node.classList.toggle('stale', !isConnected);
    status.draw(latest);
    stages.draw(latest, points);
    numbers.draw(latest.counts);
  });
  return {
    title: 'Overview', node,
    dispose() {
      unsubscribe();
      graphs.dispose();
      lists.dispose();
      pauses.dispose();
    },
  };
}

function totals() {
  const entries = [
    ['accepted', 'Accepted', hash('events')], ['pending', 'Pending', hash('events', { status: 'pending' })],
    ['processed', 'Processed', hash('events', { status: 'processed' })], ['failed', 'Failed', hash('failed')],
    ['dismissed', 'Dismissed', hash('events', { status: 'dismissed' })],
    ['oldestPendingSeconds', 'Oldest pending', hash('events', { status: 'pending' })],
    ['queuedMessages', 'Queued messages', null],
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

const ageOf = seconds => seconds == null ? 'none' : seconds < 1 ? '< 1 s' : secondsText(Math.floor(seconds));
