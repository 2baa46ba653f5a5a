import { api, get } from '../app/api.js';
import { el } from '../app/dom.js';
import { go } from '../app/route.js';

/** Chooses the source whose failed events are shown; absent where there is only the built-in one. */
export function sourceChoice(chosen) {
  const node = el('span', { class: 'buttons end' });
  get(`${api}/sources`).then(({ items }) => {
    const names = items.map(item => item.name);
    if (chosen && !names.includes(chosen)) names.push(chosen);
    if (names.length < 2) return;
    const select = el('select', { 'aria-label': 'Source', onchange: () => go('failed', { source: select.value || undefined }) },
      el('option', { value: '' }, 'All sources'), names.map(name => el('option', { value: name }, name)));
    select.value = chosen ?? '';
    node.append(select);
  }).catch(() => {});
  return node;
}
