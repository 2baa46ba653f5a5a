import { api, get, may, post, query } from '../app/api.js';
import { announce, button, card, el, focusOn, note, setText, show } from '../app/dom.js';
import { count, isReplayable, number } from '../app/labels.js';
import { apiFilter } from '../app/filters.js';
import { discardReplay, replayOf, startReplay } from '../app/replays.js';
import { confirmReplay } from './confirm.js';
import { replayProgress } from './replay-progress.js';
import { replayedEvent } from './replayed-event.js';

// As the gateway selects: failed events, unless the search names late or dismissed ones.
const statusOf = ({ status, outcome }) => outcome === 'late' ? status ?? 'processed' : status ?? 'failed';
const titleOf = ({ status, outcome }) => outcome === 'late' ? 'late event' : `${status ?? 'failed'} event`;

/**
 * Replays the events that match a search: their number before it begins, one first or all, at once or at a rate.
 * `changed` is called when events were replayed.
 */
export function searchReplay(filter, changed) {
  const id = `search ${query(filter)}`;
  filter = apiFilter(filter);
  const canReplay = may('operate') && isReplayable({ status: statusOf(filter), outcome: filter.outcome });
  let asOf;
  let first = null;
  let progress = null;

  const opener = button('Replay matching…', open);
  const heading = el('h2', {}, 'Replay of this search');
  const text = el('p', { class: 'state' });
  const state = el('div', { class: 'state' });
  const rate = el('input', { name: 'perSecond', type: 'number', min: 1, max: 10000, step: 1, placeholder: 'all at once' });
  const all = button('', replayAll, { class: 'primary' });
  const one = button('Replay one first', replayOne);
  const form = el('form', { class: 'replay-form', onsubmit: submitted => submitted.preventDefault() },
    el('label', {}, 'Events per second', rate), all, one);
  const details = el('div', { class: 'stack' });
  const node = card(null, { class: 'stack', 'aria-label': 'Replay of this search' },
    el('div', { class: 'head' }, heading, button('Close', close, { class: 'end subtle' })), details, text, state, form);
  let amount = 0;

  async function open() {
    show(node, true);
    show(opener, false);
    show(form, false);
    state.replaceChildren();
    setText(text, 'Counting…');
    await attempt(async () => {
      // Nothing is replayed. What fails after this count is in none of the calls with its time.
      const response = await post(`${api}/replays`, { filter, limit: 0 });
      asOf = response.asOf;
      draw(response.remaining);
      announce(text.textContent);
    });
    if (state.hasChildNodes()) setText(text, '');
    focusOn(form.hidden ? heading : all);
  }

  function draw(matching) {
    amount = matching;
    const title = count(amount, `${first ? 'other ' : ''}${titleOf(filter)}`);
    setText(text, amount || first ? `${title} of this search can be replayed.`
      : `No ${titleOf(filter)} of this search can be replayed.`);
    setText(all, `Replay ${first ? 'the rest' : 'all'} (${number(amount)})`);
    show(form, amount > 0);
    show(one, amount > 1 && !first);
  }

  async function replayOne() {
    if (!await confirmReplay()) return;
    await attempt(async () => {
      const { items } = await get(`${api}/events${query({ ...filter, status: statusOf(filter), limit: 200 })}`);
      const event = items.find(isReplayable);
      const { replayed } = event ? await post(`${api}/replays`, { keys: [event.key] }) : { replayed: 0 };
      if (!replayed) throw new Error('No event was replayed: none of the newest 200 matches can be.');
      first = replayedEvent(event);
      details.append(first.node);
      draw(amount - 1);
      changed();
    });
    focusOn(form.hidden ? heading : all);
  }

  async function replayAll() {
    if (!form.reportValidity() || !await confirmReplay(amount)) return;
    show(form, false);
    setText(text, '');
    attach(startReplay(id, filter, { asOf, perSecond: rate.value ? Number(rate.value) : undefined }));
    progress.focus();
  }

  async function attempt(action) {
    for (const each of [one, all]) each.disabled = true;
    try {
      state.replaceChildren();
      await action();
    } catch (fault) {
      state.replaceChildren(note('bad', fault.message));
    }
    for (const each of [one, all]) each.disabled = false;
  }

  function attach(replay) {
    let before = replay.state;
    progress = replayProgress(replay, heading, () => {
      if (before === 'running' && replay.state !== 'running') changed();
      before = replay.state;
    });
    details.append(progress.node);
  }

  function clear() {
    first?.dispose();
    progress?.dispose();
    [first, progress] = [null, null];
    if (replayOf(id) && replayOf(id).state !== 'running') discardReplay(id);
  }

  function close() {
    clear();
    details.replaceChildren();
    show(node, false);
    show(opener, true);
    opener.focus();
  }

  const begun = replayOf(id);
  show(opener, canReplay && !begun);
  show(node, Boolean(begun));
  show(form, false);
  if (begun) attach(begun);
  return { opener, node, dispose: clear };
}
