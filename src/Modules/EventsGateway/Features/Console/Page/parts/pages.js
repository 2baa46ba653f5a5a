import { link } from '../app/dom.js';
import { hash } from '../app/route.js';

/** The ways from one page of a list to the newest and to the next; none where the list is one page. */
export const pageLinks = (view, filter, cursor, nextCursor) => [
  cursor && link(hash(view, filter), 'Newest', { class: 'as-button' }),
  nextCursor && link(hash(view, { ...filter, cursor: nextCursor }), 'Older', { class: 'as-button' }),
].filter(Boolean);
