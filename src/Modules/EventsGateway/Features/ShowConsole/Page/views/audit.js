import { api, get } from '../app/api.js';
import { el, note, table } from '../app/dom.js';
import { timeAndAge } from '../app/time.js';
import { actionText } from '../app/words.js';
import { erase } from './erase.js';

const columns = [
  { title: 'When', kind: 'fixed', cell: record => timeAndAge(record.at) },
  { title: 'Who', cell: record => record.who },
  { title: 'Did', kind: 'fixed', cell: record => actionText(record.action) },
  { title: 'What', kind: 'whole', cell: record => record.what || '–' },
  { title: 'Result', cell: record => record.result ?? el('span', { class: 'soft' }, 'none yet, or interrupted') },
  { title: 'From', cell: record => record.from || '–' },
];

export function audit() {
  const records = el('div');

  async function load() {
    try {
      const { items } = await get(`${api}/audit?limit=50`);
      records.replaceChildren(items.length ? table('Audit records, newest first', columns, items) : el('p', { class: 'empty' }, 'Nobody has done anything yet.'));
    } catch (fault) {
      records.replaceChildren(note('warn', fault.message));
    }
  }

  load();
  return {
    title: 'Audit',
    node: el('div', { class: 'stack' }, el('h1', {}, 'Audit'),
      el('p', { class: 'soft' }, 'Logins, replays and erasures: the last 50.'),
      el('section', { class: 'card flush', 'aria-label': 'Audit records' }, records), erase(load)),
  };
}
