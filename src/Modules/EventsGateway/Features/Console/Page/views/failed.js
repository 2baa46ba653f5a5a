import { api, get } from '../app/api.js';
import { button, el, link, note } from '../app/dom.js';
import { failureNumbers, refresh } from '../app/refresh.js';
import { forgetReplay, replayIds, replayOf, startReplay } from '../app/replays.js';
import { hash } from '../app/route.js';
import { age, time } from '../app/time.js';
import { adviceText, count, isReplayUseful, number, outcomeText } from '../app/words.js';
import { mayReplay } from '../parts/ask.js';
import { replayBar } from '../parts/replay-bar.js';

const moment = at => [time(at), ' (', age(at), ')'];
// What a replay has told is of the events it took: not of a group that has come back, nor of events that came later.
const isOver = (replay, before, group) => replay?.state === 'done' && group.count > 0
  && (before.count === 0 || new Date(group.newestReceivedAt) > replay.endedAt);

const idOf = group => JSON.stringify([group.outcome, group.error]);

export function failed(asked) {
  const marked = asked.outcome ? idOf({ outcome: asked.outcome, error: asked.lastError ?? null }) : null;
  const groups = new Map();
  const list = el('div', { class: 'stack' });
  const state = el('p', { class: 'soft' }, 'Looking…');
  const fault = el('div', { class: 'state' });
  let asking = 0;

  async function load() {
    const mine = ++asking;
    try {
      const answer = await get(`${api}/failures`);
      if (mine !== asking) return;
      fault.replaceChildren();
      draw(answer);
    } catch (problem) {
      fault.replaceChildren(note('warn', problem.message));
    }
  }

  // A group whose replay has taken its last event stays to tell so.
  function draw({ groups: found, total }) {
    const ids = new Set(found.map(idOf));
    state.textContent = total ? `${count(total, 'event')} in ${count(found.length, 'group')}, by reason.` : 'No failed events.';
    for (const [id, shown] of groups) {
      if (ids.has(id)) continue;
      if (replayOf(id)) shown.draw({ ...shown.group, count: 0 });
      else remove(id);
    }
    const gone = replayIds().filter(id => !ids.has(id) && !groups.has(id));
    for (const id of gone) forgetReplay(id);
    for (const group of found) {
      const id = idOf(group);
      if (!groups.has(id)) add(id, group);
      groups.get(id).draw(group);
    }
  }

  function add(id, group) {
    const made = groupCard(id, group, load);
    if (id === marked) made.node.dataset.marked = '';
    groups.set(id, made);
    list.append(made.node);
  }

  function remove(id) {
    groups.get(id).dispose();
    groups.get(id).node.remove();
    groups.delete(id);
  }

  const leave = refresh(load, failureNumbers, 2000);
  return {
    title: 'Failed events',
    node: el('div', { class: 'stack' }, el('div', { class: 'head' }, el('h1', {}, 'Failed events'), state), fault, list),
    dispose() {
      leave();
      for (const one of groups.values()) one.dispose();
      for (const id of replayIds()) if (replayOf(id).state === 'done') forgetReplay(id);
    },
  };
}

function groupCard(id, group, reload) {
  let bar = null;
  const amount = el('span', { class: 'amount', 'data-count': '' });
  const span = el('p', { class: 'soft' });
  const advice = adviceText(group.outcome, group.error);
  const again = button('', async () => {
    if (!await mayReplay()) return;
    attach(startReplay(id, { outcome: group.outcome, ...group.error && { lastError: group.error } }));
    bar.focus();
    reload();
  }, { class: isReplayUseful(group.outcome) ? 'primary' : null });
  const heading = el('h2', {}, amount, outcomeText(group.outcome), group.error && el('span', { class: 'soft' }, `: ${group.error}`));
  const node = el('section', { class: 'card group', 'data-outcome': group.outcome }, heading,
    el('div', { class: 'buttons' }, link(hash('events', { status: 'failed', outcome: group.outcome, lastError: group.error }), 'List', { class: 'as-button', 'aria-label': `List: ${outcomeText(group.outcome)}` }), group.replayable && again),
    el('div', { class: 'full' }, span, advice && el('p', { class: 'soft' }, advice)));

  function detach() {
    bar?.dispose();
    bar?.node.remove();
  }

  function attach(replay) {
    detach();
    let state = null;
    bar = replayBar(replay, heading, () => {
      again.disabled = replay.state === 'running' || made.group.count === 0;
      if (state && state !== replay.state) reload();
      state = replay.state;
    });
    node.append(bar.node);
  }

  const made = {
    node, group,
    draw(now) {
      if (isOver(replayOf(id), made.group, now)) {
        forgetReplay(id);
        detach();
      }
      made.group = now;
      amount.textContent = number(now.count);
      again.textContent = now.count ? `Replay all ${number(now.count)}` : 'Replay';
      again.disabled = now.count === 0 || replayOf(id)?.state === 'running';
      const isOne = now.newestReceivedAt === now.oldestReceivedAt;
      span.replaceChildren('Received ', ...isOne ? [] : ['between ', ...moment(now.oldestReceivedAt), ' and '], ...moment(now.newestReceivedAt),
        '.');
    },
    dispose: () => bar?.dispose(),
  };
  if (replayOf(id)) attach(replayOf(id));
  return made;
}
