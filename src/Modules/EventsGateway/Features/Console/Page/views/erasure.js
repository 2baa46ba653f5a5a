import { may } from '../app/api.js';
import { el, link, note } from '../app/dom.js';
import { hash } from '../app/route.js';
import { erasureForm } from '../components/erasure-form.js';

/** A page of its own: an erasure cannot be undone, and other pages are opened for other reasons. */
export const erasure = () => ({
  title: 'Erasure',
  node: el('div', { class: 'stack' }, el('h1', {}, 'Erasure'),
    may('admin') ? erasureForm() : note('neutral', 'An erasure needs a key with the role admin.'),
    el('p', { class: 'muted' }, 'Each erasure is in the ', link(hash('audit'), 'audit log'), '.')),
});
