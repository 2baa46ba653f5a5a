import { api, get } from '../app/api.js';
import { el, note, refill, table } from '../app/dom.js';
import { count, decimal, number, sentence } from '../app/labels.js';
import { refresh } from '../app/refresh.js';
import { age, secondsText } from '../app/time.js';
import { badge } from '../components/icons.js';

const kinds = { ready: 'good', degraded: 'warn', starting: 'pending', stopping: 'neutral', stopped: 'neutral' };
const isSilent = process => ['missing', 'stopped'].includes(process.state);
const rate = name => process => el('span', {}, isSilent(process) ? '–' : decimal(process.rates[name]));

const columns = [
  { title: 'Process', kind: 'source', cell: process =>
    [`${process.pid} on ${process.host}`, process.age === 0 && el('span', { class: 'muted' }, ' (this one)')].filter(Boolean) },
  { title: 'Role', kind: 'nowrap', cell: process => process.role },
  { title: 'State', kind: 'nowrap', cell: process => [badge(kinds[process.state] ?? 'bad', process.state),
    isSilent(process) && el('div', { class: 'muted' }, `for ${secondsText(process.age)}`)].filter(Boolean) },
  { title: 'Version', kind: 'nowrap', cell: process =>
    [process.version, process.commit && el('div', { class: 'muted' }, process.commit)].filter(Boolean) },
  { title: 'Started', kind: 'nowrap', cell: process => age(process.startedAt) },
  { title: 'Accepted/s', kind: 'number', cell: rate('accepted') },
  { title: 'Rejected/s', kind: 'number', cell: rate('rejected') },
  { title: 'Unavailable/s', kind: 'number', cell: rate('unavailable') },
  { title: 'Processed/s', kind: 'number', cell: rate('processed') },
  { title: 'Failed/s', kind: 'number', cell: rate('failed') },
  { title: 'In flight', kind: 'number', cell: process => el('span', {},
    process.slots && !isSilent(process) ? `${number(process.inFlight)} of ${number(process.slots)}` : '–') },
  { title: 'Reasons', kind: 'full-width', cell: process => process.state === 'missing'
    ? el('span', { class: 'is-bad' }, 'It says nothing, and did not stop: it died, hangs, or does not reach Redis.')
    : process.reasons.length ? process.reasons.map(reason => el('div', { class: 'is-warn' }, sentence(reason)))
      : el('span', { class: 'muted' }, 'none') },
];

const versionOf = ({ version, commit }) => [version, commit].filter(Boolean).join(' ');
const total = (items, name) => decimal(items.reduce((sum, process) => sum + process.rates[name], 0));

export function processes() {
  const state = el('p', { class: 'muted' }, 'Loading…');
  const fault = el('div', { class: 'state' });
  const mixed = el('div', { class: 'state' });
  const list = el('div');

  async function load() {
    try {
      const found = await get(`${api}/processes`);
      const { items } = found;
      const versions = new Set(items.filter(one => !isSilent(one)).map(versionOf));
      mixed.replaceChildren(...versions.size > 1
        ? [note('warn', `Processes of different versions run: ${[...versions].join(', ')}.`)] : []);
      state.textContent = `${count(items.length, 'process', 'processes')}, together ${total(items, 'accepted')} accepted, `
        + `${total(items, 'rejected')} rejected and ${total(items, 'processed')} processed per second, over the last 5 s.`;
      fault.replaceChildren(...found.fault ? [note('warn', `Other processes are unknown: ${sentence(found.fault)}`)] : []);
      refill(list, [table('Processes', columns, items)]);
    } catch (failure) {
      fault.replaceChildren(note('warn', failure.message));
    }
  }

  return {
    title: 'Processes', dispose: refresh(load, latest => latest.point.t, 3000),
    node: el('div', { class: 'stack' }, el('div', { class: 'head' }, el('h1', {}, 'Processes'), state), fault, mixed,
      el('section', { class: 'card flush', 'aria-label': 'Processes' }, list)),
  };
}
