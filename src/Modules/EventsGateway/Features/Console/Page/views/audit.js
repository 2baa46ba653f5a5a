import { api, get, query } from '../app/api.js';
import { el, note, table } from '../app/dom.js';
import { timeAndAge } from '../app/time.js';
import { actionText } from '../app/words.js';
import { pageLinks } from '../parts/pages.js';
import { erase } from './erase.js';

const pageSize = 50;

const columns = [
  { title: 'When', kind: 'fixed', cell: record => timeAndAge(record.at) },
  { title: 'Who', cell: record => record.who },
  { title: 'Did', kind: 'fixed', cell: record => actionText(record.action) },
  { title: 'What', kind: 'whole', cell: record => record.what || '–' },
  { title: 'Result', cell: record => record.result ?? el('span', { class: 'soft' }, 'none yet, or interrupted') },
  { title: 'From', cell: record => record.from || '–' },
];

export function audit({ cursor }) {
  const records = el('div');
  const pages = el('nav', { class: 'buttons', 'aria-label': 'Pages' });

  async function load() {
    try {
      const { items, nextCursor } = await get(`${api}/audit${query({ limit: pageSize, cursor })}`);
      records.replaceChildren(items.length ? table('Audit records, newest first', columns, items) : el('p', { class: 'empty' }, cursor ? 'Nothing older is kept.' : 'Nobody has done anything yet.'));
      pages.replaceChildren(...pageLinks('audit', {}, cursor, nextCursor));
    } catch (fault) {
      records.replaceChildren(note('warn', fault.message));
    }
  }

  load();
  return {
    title: 'Audit',
    node: el('div', { class: 'stack' }, el('h1', {}, 'Audit'),
      erase(load),
      el('p', { class: 'soft' }, `Logins, replays and erasures, newest first, ${pageSize} on a page.`),
      el('section', { class: 'card flush', 'aria-label': 'Audit records' }, records), pages),
  };
}
