import { ApiFault, api, get, post, query } from '../app/api.js';
import { announce, button, el, keepFocus, note, refill, show, table, tableRow } from '../app/dom.js';
import { eventNumbers, refresh } from '../app/refresh.js';
import { count, number } from '../app/words.js';
import { mayReplay } from '../parts/ask.js';
import { columnsOf } from '../parts/event-columns.js';
import { pageLinks } from '../parts/pages.js';
import { filterNames, lookUpForm, searchForm } from '../parts/search-form.js';
import { isConflict, untaken } from '../parts/untaken.js';

const pageSize = 50;

export function events(asked) {
  const filter = Object.fromEntries(filterNames.filter(name => asked[name]).map(name => [name, asked[name]]));
  const list = eventList(filter, asked.cursor);
  return {
    title: 'Events', dispose: list.dispose,
    node: el('div', { class: 'stack' }, el('div', { class: 'head' }, el('h1', {}, 'Events'), lookUpForm()), searchForm(filter), list.node),
  };
}

function eventList(filter, cursor) {
  const selected = new Set();
  const rows = new Map();
  const state = el('div', { class: 'state' });
  const summary = el('h2', {}, 'Searching…');
  const newer = el('div', { 'aria-live': 'polite' });
  const replay = button('Replay selected', replaySelected, { class: 'primary end', disabled: true });
  const all = el('input', { type: 'checkbox', 'aria-label': 'Select all failed events of this page', onchange: selectAll });
  const columns = columnsOf(selected, all, choose);
  const pages = el('nav', { class: 'buttons', 'aria-label': 'Pages' });
  const body = el('div');
  const missing = el('div', { class: 'state' });
  const path = `${api}/events${query({ ...filter, limit: pageSize, cursor })}`;
  let isFirst = true;

  async function load() {
    try {
      const page = await get(path);
      state.replaceChildren();
      if (isFirst) draw(page);
      else update(page);
      isFirst = false;
      refill(missing, page.items.length || !filter.eventId ? [] : await whereElse(filter));
    } catch (fault) {
      if (!(fault instanceof ApiFault)) throw fault;
      state.replaceChildren(note('warn', fault.message, fault.status === 400 && cursor ? ' The page may be of another search.' : ''));
    }
  }

  function draw(page) {
    const place = cursor ? 'older ' : page.nextCursor ? 'newest ' : '';
    summary.textContent = page.items.length ? count(page.items.length, `${place}event`) : 'No event matches';
    rows.clear();
    selected.clear();
    newer.replaceChildren();
    body.replaceChildren(...page.items.length ? [table('Events', columns, page.items)] : []);
    [...body.querySelectorAll('tbody tr')].forEach((row, at) => rows.set(page.items[at].key, { row, text: JSON.stringify(page.items[at]) }));
    pages.replaceChildren(...pageLinks('events', filter, cursor, page.nextCursor));
    choose();
  }

  // What is there is brought up to date in its place; what is new is only announced: a row never moves from under a click.
  function update(page) {
    for (const item of page.items) {
      const shown = rows.get(item.key);
      const text = JSON.stringify(item);
      if (!shown || shown.text === text || shown.row.contains(document.activeElement)) continue;
      if (item.status !== 'failed') selected.delete(item.key);
      const row = tableRow(columns, item);
      shown.row.replaceWith(row);
      rows.set(item.key, { row, text });
    }
    choose();
    const known = page.items.findIndex(item => rows.has(item.key));
    const fresh = known < 0 ? page.items.length : known;
    if (cursor || fresh === 0 || newer.dataset.fresh === `${fresh}` && newer.childElementCount) return;
    newer.dataset.fresh = fresh;
    const more = fresh === pageSize ? `${pageSize} or more newer events` : count(fresh, 'newer event');
    newer.replaceChildren(button(`${more}: show`, showNewer, { class: 'primary' }));
  }

  async function showNewer() {
    isFirst = true;
    await load();
    body.querySelector('a')?.focus();
  }

  function choose() {
    const boxes = [...body.querySelectorAll('tbody input')];
    all.checked = boxes.length > 0 && boxes.every(box => box.checked);
    all.disabled = boxes.length === 0;
    replay.disabled = selected.size === 0;
    show(replay, boxes.length > 0 || selected.size > 0);
    replay.textContent = selected.size ? `Replay selected (${number(selected.size)})` : 'Replay selected';
  }

  function selectAll() {
    for (const box of body.querySelectorAll('tbody input')) if (box.checked !== all.checked) box.click();
  }

  async function replaySelected() {
    if (!await mayReplay()) return;
    replay.disabled = true;
    try {
      const answer = await post(`${api}/replays`, { keys: [...selected] });
      isFirst = true;
      await load();
      state.replaceChildren(note('good', `${count(answer.replayed, 'event')} replayed.`));
      announce(`${count(answer.replayed, 'event')} replayed.`);
      keepFocus(summary);
    } catch (fault) {
      state.replaceChildren(note('bad', fault.message));
      replay.disabled = false;
    }
  }

  return {
    node: el('div', { class: 'stack' }, state, missing, el('section', { class: 'card flush', 'aria-label': 'Results' },
      el('div', { class: 'head' }, summary, newer, replay), body), pages),
    dispose: refresh(load, eventNumbers, 3000),
  };
}

// Where an event may be that nothing is found of.
const whereElse = async ({ eventId, shippingCompanyId: courier }) => [
  ...await untaken(one => one.eventId === eventId && (!courier || one.shippingCompanyId === courier) && !isConflict(one)),
  note('calm', 'An erased or expired event is found only with its courier: look it up with both.'),
];
