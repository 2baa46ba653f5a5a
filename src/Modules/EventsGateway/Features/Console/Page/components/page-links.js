import { link } from '../app/dom.js';
import { hash } from '../app/route.js';

/** Links to the newest and the next page of a list; empty if it has one page. */
export const pageLinks = (view, filter, cursor, nextCursor) => [
  cursor && link(hash(view, filter), 'Newest', { class: 'as-button' }),
  nextCursor && link(hash(view, { ...filter, cursor: nextCursor }), 'Older', { class: 'as-button' }),
].filter(Boolean);
