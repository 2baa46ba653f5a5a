import { api, may, post, query } from '../app/api.js';
import { announce, button, card, el, focusOn, note, setText, show } from '../app/dom.js';
import { count, isReplayable, number } from '../app/labels.js';
import { replayedStatus } from '../app/canary.js';
import { apiFilter } from '../app/filters.js';
import { discardReplay, replayOf, startReplay } from '../app/replays.js';
import { confirmReplay } from './confirm.js';
import { replayProgress } from './replay-progress.js';

const titleOf = ({ status, outcome }) => outcome === 'late' ? 'late event' : `${status ?? 'failed'} event`;

// So many events get a canary, unless the field is cleared.
const withCanary = 100;

/**
 * Replays the events that match a search or are in a group: their number before it begins, some first and the rest if they are
 * routed, at once or at a rate. `changed` is called when events were replayed.
 */
export function searchReplay(filter, changed, of = 'search', title = 'Replay matching…') {
  const id = `of ${of} ${query(filter)}`;
  filter = apiFilter(filter);
  const canReplay = may('operate') && isReplayable({ status: replayedStatus(filter), outcome: filter.outcome });
  let asOf;
  let progress = null;

  const opener = button(title, open);
  const heading = el('h2', {}, `Replay of this ${of}`);
  const text = el('p', { class: 'state' });
  const state = el('div', { class: 'state' });
  const rate = el('input', { name: 'perSecond', type: 'number', min: 1, max: 10000, step: 1, placeholder: 'all at once' });
  const all = button('', replayAll, { class: of === 'search' ? 'primary' : null });
  const canary = el('input', { name: 'canary', type: 'number', min: 1, max: 50, step: 1, placeholder: 'none' });
  const form = el('form', { class: 'replay-form', onsubmit: submitted => submitted.preventDefault() },
    el('label', {}, 'First, and the rest if routed', canary), el('label', {}, 'Events per second', rate), all);
  const details = el('div', { class: 'stack' });
  const node = card(null, { class: 'stack', 'aria-label': `Replay of this ${of}` },
    el('div', { class: 'head' }, heading, button('Close', close, { class: 'end subtle' })), details, text, state, form);
  let amount = 0;

  async function open() {
    show(node, true);
    show(opener, false);
    show(form, false);
    state.replaceChildren();
    setText(text, 'Counting…');
    try {
      // Nothing is replayed. What fails after this count is in none of the calls with its time.
      const response = await post(`${api}/replays`, { filter, limit: 0 });
      asOf = response.asOf;
      draw(response.remaining);
      announce(text.textContent);
    } catch (fault) {
      state.replaceChildren(note('bad', fault.message));
      setText(text, '');
    }
    focusOn(form.hidden ? heading : all);
  }

  function draw(matching) {
    amount = matching;
    setText(text, amount ? `${count(amount, titleOf(filter))} of this ${of} can be replayed.`
      : `No ${titleOf(filter)} of this ${of} can be replayed.`);
    setText(all, `Replay all (${number(amount)})`);
    if (amount > withCanary && !canary.value) canary.value = 5;
    show(form, amount > 0);
  }

  async function replayAll() {
    if (!form.reportValidity() || !await confirmReplay(amount)) return;
    show(form, false);
    setText(text, '');
    const given = input => input.value ? Number(input.value) : undefined;
    attach(startReplay(id, filter, { asOf, perSecond: given(rate), canary: given(canary) }));
    progress.focus();
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
    progress?.dispose();
    progress = null;
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
