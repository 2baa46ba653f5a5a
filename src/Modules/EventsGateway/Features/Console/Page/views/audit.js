import { api, get, query } from '../app/api.js';
import { el, note, table } from '../app/dom.js';
import { timeAndAge } from '../app/time.js';
import { actionText } from '../app/labels.js';
import { pageLinks } from '../components/page-links.js';

const pageSize = 50;

const columns = [
  { title: 'Time', kind: 'nowrap', cell: record => timeAndAge(record.at) },
  { title: 'Operator', cell: record => record.who },
  { title: 'Action', kind: 'nowrap', cell: record => actionText(record.action) },
  { title: 'Target', kind: 'full-width', cell: record => record.what || '–' },
  { title: 'Result', cell: record => record.result ?? el('span', { class: 'muted' }, 'unknown') },
  { title: 'Address', cell: record => record.from || '–' },
];

export function audit({ cursor }) {
  const records = el('div');
  const pages = el('nav', { class: 'buttons', 'aria-label': 'Pages' });

  async function load() {
    try {
      const { items, nextCursor } = await get(`${api}/audit${query({ limit: pageSize, cursor })}`);
      records.replaceChildren(items.length ? table('Audit records, newest first', columns, items)
        : el('p', { class: 'empty' }, cursor ? 'No older audit records.' : 'No audit records yet.'));
      pages.replaceChildren(...pageLinks('audit', {}, cursor, nextCursor));
    } catch (fault) {
      records.replaceChildren(note('warn', fault.message));
    }
  }

  load();
  return {
    title: 'Audit log',
    node: el('div', { class: 'stack' }, el('h1', {}, 'Audit log'),
      el('p', { class: 'muted' }, `Actions of operators, newest first, ${pageSize} per page.`),
      el('section', { class: 'card flush', 'aria-label': 'Audit records' }, records), pages),
  };
}
