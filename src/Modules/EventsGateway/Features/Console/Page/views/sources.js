import { api, get } from '../app/api.js';
import { el, note, refill, table } from '../app/dom.js';
import { count } from '../app/labels.js';
import { refresh } from '../app/refresh.js';
import { sourceColumns } from '../components/source-columns.js';

export function sources() {
  const state = el('p', { class: 'muted' }, 'Loading…');
  const errors = el('div', { class: 'state' });
  const list = el('div');
  let drawn = '';

  async function load() {
    try {
      const found = await get(`${api}/sources`);
      if (JSON.stringify(found) === drawn) return;
      drawn = JSON.stringify(found);
      state.textContent = `${count(found.items.length, 'source')}. Numbers are those of this process since its start.`;
      errors.replaceChildren(...found.errors.length ? [note('bad',
        'The files of the sources are not used as they are now; the sources of before keep running.',
        el('ul', {}, found.errors.map(error => el('li', {}, error))))] : []);
      refill(list, [table('Sources', sourceColumns, found.items)]);
    } catch (fault) {
      drawn = '';
      errors.replaceChildren(note('warn', fault.message));
    }
  }

  return {
    title: 'Sources', dispose: refresh(load, latest => latest.point.t, 3000),
    node: el('div', { class: 'stack' }, el('div', { class: 'head' }, el('h1', {}, 'Sources'), state), errors,
      el('section', { class: 'card flush', 'aria-label': 'Sources' }, list)),
  };
}
