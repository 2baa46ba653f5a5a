import { announce, el, link, setText, visuallyHidden } from '../app/dom.js';
import { count } from '../app/labels.js';
import { remainingFailed } from '../app/live.js';
import { hash } from '../app/route.js';
import { timeAndAge } from '../app/time.js';
import { statusIcon } from './icons.js';

/** The findings of the gateway, worst first, as it has them: the rules are its own. */
export function statusPanel() {
  const node = el('section', { class: 'status-summary' }, visuallyHidden('Loading…'));
  let drawn = '';
  let shape = '';
  return {
    node,
    draw({ status, counts }) {
      const findings = status.findings.length ? status.findings : [healthy(counts)];
      const now = JSON.stringify(findings);
      if (now === drawn) return;
      drawn = now;
      const [worst] = findings;
      if (node.dataset.id !== worst.id) announce(`${worst.text} ${worst.advice}`);
      Object.assign(node.dataset, { id: worst.id, kind: kindOf(worst), state: status.state });
      // Nodes are kept while the findings are the same, so that a link keeps the focus.
      if (shape !== shapeOf(findings)) make(node, findings);
      shape = shapeOf(findings);
      findings.forEach((finding, at) => {
        setText(node.querySelectorAll('.title')[at], finding.text);
        setText(node.querySelectorAll('.advice')[at], finding.advice);
      });
    },
  };
}

export const kindOf = ({ severity }) => ({ critical: 'bad', warning: 'warn' })[severity] ?? 'good';

// What does not change with the numbers.
const shapeOf = findings => JSON.stringify(findings.map(({ text, advice, ...rest }) => rest));

function make(node, findings) {
  const [worst, ...others] = findings;
  node.replaceChildren(...[statusIcon(kindOf(worst)), el('div', {}, ...textOf('h2', worst),
    others.length > 0 && el('ul', {}, others.map(one => el('li', { 'data-id': one.id }, statusIcon(kindOf(one)),
      el('div', {}, ...textOf('h3', one), linkOf(one)))))),
  linkOf(worst, { class: 'as-button' })].filter(Boolean));
}

// The overview shows the findings itself.
const linkOf = (one, attributes = {}) =>
  one.link && !one.link.endsWith('#/') && link(one.link, actionOf(one.link), attributes);

const textOf = (heading, { since }) => [
  el(heading, { class: 'title' }),
  el('p', { class: 'detail' }, since && el('span', { class: 'since' }, 'Since ', timeAndAge(since), '. '),
    el('span', { class: 'advice' })),
];

const views = { events: 'See events', failed: 'See failed events', rejected: 'See rejected requests', processes: 'See processes',
  audit: 'See the audit log', sources: 'See the source' };
const actionOf = href => href.includes('status=pending') ? 'See pending events'
  : views[href.split('#/')[1]?.split(/[/?]/)[0]] ?? 'See more';

function healthy(counts) {
  const failed = remainingFailed(counts);
  return {
    id: 'healthy', text: 'The gateway is healthy.', since: null,
    advice: failed ? `No rule is crossed. ${count(failed, 'event')} failed earlier.` : 'No rule is crossed.',
    link: failed ? hash('failed') : null,
  };
}
