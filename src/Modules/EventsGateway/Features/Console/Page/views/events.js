import { ApiError, api, get, may, post, query } from '../app/api.js';
import { announce, button, el, restoreFocus, note, refill, show, table, tableRow } from '../app/dom.js';
import { apiFilter, filterOf } from '../app/filters.js';
import { eventCounts, refresh } from '../app/refresh.js';
import { count, isReplayable, number } from '../app/labels.js';
import { confirmReplay } from '../components/confirm.js';
import { eventColumns } from '../components/event-columns.js';
import { pageLinks } from '../components/page-links.js';
import { lookUpForm, searchForm } from '../components/search-form.js';
import { searchScope } from '../components/search-scope.js';
import { searchReplay } from '../components/search-replay.js';
import { isConflict, rejectionNotice } from '../components/rejection-notice.js';

const pageSize = 50;

export function events(parameters) {
  const filter = filterOf(parameters);
  const list = eventList(filter, parameters.cursor);
  return {
    title: 'Events', dispose: list.dispose,
    node: el('div', { class: 'stack' },
      el('div', { class: 'head' }, el('h1', {}, 'Events'), lookUpForm()), searchForm(filter), list.node),
  };
}

function eventList(filter, cursor) {
  const selected = new Set();
  const rows = new Map();
  const state = el('div', { class: 'state' });
  const summary = el('h2', {}, 'Searching…');
  const newer = el('div', { 'aria-live': 'polite' });
  const matching = searchReplay(filter, redraw);
  const replay = button('Replay selected', replaySelected, { class: 'primary', disabled: true });
  const selectAllBox = el('input',
    { type: 'checkbox', 'aria-label': 'Select all replayable events on this page', onchange: selectAll });
  const columns = eventColumns(selected, selectAllBox, updateSelection);
  const pages = el('nav', { class: 'buttons', 'aria-label': 'Pages' });
  const body = el('div');
  const missing = el('div', { class: 'state' });
  const scope = searchScope(filter);
  let isFirst = true;

  async function load() {
    try {
      const page = await get(`${api}/events${query({ ...apiFilter(filter), limit: pageSize, cursor })}`);
      state.replaceChildren();
      if (isFirst) draw(page);
      else update(page);
      isFirst = false;
      refill(missing, page.items.length || !(filter.eventId ?? filter.requestId) ? [] : await alternativesFor(filter));
    } catch (fault) {
      if (!(fault instanceof ApiError)) throw fault;
      state.replaceChildren(note('warn', fault.message,
        fault.status === 400 && cursor ? ' The page may belong to another search.' : ''));
    }
  }

  function draw(page) {
    const position = cursor ? 'older ' : page.nextCursor ? 'newest ' : '';
    summary.textContent = page.items.length ? count(page.items.length, `${position}event`) : 'No matching events';
    rows.clear();
    selected.clear();
    newer.replaceChildren();
    body.replaceChildren(...page.items.length ? [table('Events', columns, page.items)] : []);
    [...body.querySelectorAll('tbody tr')].forEach((row, at) =>
      rows.set(page.items[at].key, { row, text: JSON.stringify(page.items[at]) }));
    scope.draw(page, Boolean(cursor));
    pages.replaceChildren(...pageLinks('events', filter, cursor, page.nextCursor));
    updateSelection();
  }

  // Known rows are updated in place, new ones only announced: a row never moves while the user clicks.
  function update(page) {
    for (const item of page.items) {
      const shown = rows.get(item.key);
      const text = JSON.stringify(item);
      if (!shown || shown.text === text || shown.row.contains(document.activeElement)) continue;
      if (!isReplayable(item)) selected.delete(item.key);
      const row = tableRow(columns, item);
      shown.row.replaceWith(row);
      rows.set(item.key, { row, text });
    }
    updateSelection();
    const known = page.items.findIndex(item => rows.has(item.key));
    const fresh = known < 0 ? page.items.length : known;
    if (cursor || fresh === 0 || newer.dataset.fresh === `${fresh}` && newer.childElementCount) return;
    newer.dataset.fresh = fresh;
    const more = fresh === pageSize ? `${pageSize} or more newer events` : count(fresh, 'newer event');
    newer.replaceChildren(button(`${more}: show`, showNewer, { class: 'primary' }));
  }

  function redraw() {
    isFirst = true;
    return load();
  }

  async function showNewer() {
    await redraw();
    body.querySelector('a')?.focus();
  }

  function updateSelection() {
    const boxes = [...body.querySelectorAll('tbody input')];
    selectAllBox.checked = boxes.length > 0 && boxes.every(box => box.checked);
    selectAllBox.disabled = boxes.length === 0;
    replay.disabled = selected.size === 0;
    show(replay, may('operate') && (boxes.length > 0 || selected.size > 0));
    replay.textContent = selected.size ? `Replay selected (${number(selected.size)})` : 'Replay selected';
  }

  function selectAll() {
    for (const box of body.querySelectorAll('tbody input')) if (box.checked !== selectAllBox.checked) box.click();
  }

  async function replaySelected() {
    if (!await confirmReplay()) return;
    replay.disabled = true;
    try {
      const response = await post(`${api}/replays`, { keys: [...selected] });
      await redraw();
      state.replaceChildren(note('good', `${count(response.replayed, 'event')} replayed.`));
      announce(`${count(response.replayed, 'event')} replayed.`);
      restoreFocus(summary);
    } catch (fault) {
      state.replaceChildren(note('bad', fault.message));
      replay.disabled = false;
    }
  }

  const subscriptions = [refresh(load, eventCounts, 3000), refresh(scope.count, eventCounts, 10000)];
  return {
    node: el('div', { class: 'stack' }, state, missing, matching.node,
      el('section', { class: 'card flush', 'aria-label': 'Results' },
        el('div', { class: 'head' }, summary, scope.total, newer,
          el('div', { class: 'buttons end' }, scope.exports, replay, matching.opener)), body), scope.note, pages),
    dispose() {
      for (const each of subscriptions) each();
      matching.dispose();
    },
  };
}

// An event that the search does not find may be rejected, erased or expired.
const alternativesFor = async ({ eventId, requestId, shippingCompanyId: company }) => [
  ...await rejectionNotice(one => (eventId ? one.eventId === eventId && !isConflict(one) : one.requestId === requestId)
    && (!company || one.shippingCompanyId === company), eventId ? 'event ID' : 'request ID'),
  eventId && note('neutral', 'A removed event is found only by event ID and shipping company: look it up with both.'),
].filter(Boolean);
