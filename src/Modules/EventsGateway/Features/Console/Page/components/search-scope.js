import { api, get, query } from '../app/api.js';
import { el, link, note, setText, show } from '../app/dom.js';
import { apiFilter } from '../app/filters.js';
import { number } from '../app/labels.js';
import { hash } from '../app/route.js';
import { time } from '../app/time.js';

/** Of a search: how many events match, how far back it reached, and its export. */
export function searchScope(filter) {
  const total = el('span', { class: 'muted', 'data-total': '' });
  const reach = el('div', { class: 'state' });
  // The address is set when it is used: the filter may end now.
  const exportOf = (text, details) => link('', text, { class: 'as-button', download: 'events.ndjson', onclick: ({ target }) => {
    target.href = `${api}/events/export${query({ ...apiFilter(filter), details })}`;
  } });
  const exports = el('span', { class: 'buttons' }, exportOf('Export'), exportOf('Export with bodies', 'true'));
  let isWhole = false;

  return {
    total, exports, note: reach,
    draw({ items, nextCursor, searchedFrom }, isContinued) {
      isWhole = !isContinued && !nextCursor && !searchedFrom;
      show(exports, items.length > 0 || isContinued);
      if (isWhole) setText(total, '');
      const earlier = { ...filter, last: null, from: filter.last ? apiFilter(filter).from : filter.from, to: searchedFrom };
      reach.replaceChildren(...searchedFrom ? [note('neutral',
        'No index serves this search: the newest 250,000 events were compared, back to ', time(searchedFrom), '. ',
        link(hash('events', earlier), 'Search earlier events'))] : []);
    },
    async count() {
      const found = await get(`${api}/events/matches${query(apiFilter(filter))}`).catch(() => null);
      setText(total, found && !isWhole ? `of ${number(found.count)}${found.isCapped ? '+' : ''} matches` : '');
    },
  };
}
