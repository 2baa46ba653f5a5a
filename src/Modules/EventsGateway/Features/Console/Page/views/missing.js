import { el, link, note } from '../app/dom.js';
import { hash } from '../app/route.js';

export function missing() {
  return {
    title: 'No such page',
    node: el('div', { class: 'stack' }, el('h1', {}, 'No such page'),
      note('neutral', 'The console has no page with this address. ', link(hash(''), 'Overview'))),
  };
}
