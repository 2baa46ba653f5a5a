import { announce, el, link, setText, show, visuallyHidden } from '../app/dom.js';
import { onLive } from '../app/live.js';
import { hash } from '../app/route.js';
import { secondsText } from '../app/time.js';
import { statusSummary } from '../app/status-summary.js';
import { number } from '../app/labels.js';
import { charts } from '../components/charts.js';
import { pipeline } from '../components/pipeline.js';
import { routingPauses } from '../components/routing-pauses.js';
import { sourceNotice } from '../components/source-notice.js';
import { summaryCards } from '../components/summary-cards.js';
import { statusIcon } from '../components/icons.js';

export function overview(query) {
  const status = statusPanel();
  const stages = pipeline();
  const numbers = totals();
  const graphs = charts(query);
  const lists = summaryCards();
  const pauses = routingPauses();
  const findings = sourceNotice();
  const node = el('div', { class: 'overview' }, el('h1', { class: 'visually-hidden' }, 'Overview'), status.node, findings.node,
    el('section', {}, el('h2', { class: 'visually-hidden' }, 'Pipeline'), stages.node),
    el('section', {}, el('h2', { class: 'visually-hidden' }, 'Events in the store'), numbers.node), graphs.node, lists.node,
    pauses.node);
  const unsubscribe = onLive(({ latest, points, isConnected }) => {
    if (!latest) return;
    node.classList.toggle('stale', !isConnected);
    status.draw(latest, points);
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
      findings.dispose();
    },
  };
}

function statusPanel() {
  const node = el('section', { class: 'status-summary' }, visuallyHidden('Loading…'));
  let drawn = '';
  return {
    node,
    draw(latest, points) {
      const [worst, ...others] = statusSummary(latest, points);
      const now = JSON.stringify([worst, ...others]);
      if (now === drawn) return;
      drawn = now;
      if (node.dataset.id !== worst.id) announce(`${worst.text} ${worst.detail}`);
      Object.assign(node.dataset, { id: worst.id, kind: worst.kind });
      // Nodes are kept while the problems are the same, so that a link keeps the focus.
      if (!node.querySelector('.title') || node.dataset.shape !== shapeOf(worst, others)) make(node, worst, others);
      setText(node.querySelector('.title'), worst.text);
      setText(node.querySelector('.detail'), worst.detail);
      node.querySelectorAll('.other span').forEach((line, at) => setText(line, others[at].text));
    },
  };
}

const shapeOf = (worst, others) => [worst, ...others].map(one => one.id).join();

function make(node, worst, others) {
  node.dataset.shape = shapeOf(worst, others);
  node.replaceChildren(...[statusIcon(worst.kind), el('div', {},
    el('h2', { class: 'title' }), el('p', { class: 'detail' }),
    others.length > 0 && el('ul', {}, others.map(one => el('li', { class: 'other' }, statusIcon(one.kind), el('span', {}),
      one.href && one.href !== worst.href && link(one.href, one.action))))),
  worst.href && link(worst.href, worst.action, { class: 'as-button' })].filter(Boolean));
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
