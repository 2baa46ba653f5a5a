import { api, get } from '../app/api.js';
import { button, el, link, note } from '../app/dom.js';
import { failureCounts, refresh } from '../app/refresh.js';
import { discardReplay, replayIds, replayOf, startReplay } from '../app/replays.js';
import { hash } from '../app/route.js';
import { age, time } from '../app/time.js';
import { adviceText, count, isReplayUseful, number, outcomeText } from '../app/labels.js';
import { confirmReplay } from '../components/confirm-replay.js';
import { replayProgress } from '../components/replay-progress.js';

const moment = at => [time(at), ' (', age(at), ')'];
// A finished replay says nothing about a group that reappeared or about events that failed later.
const isOutdated = (replay, before, group) => replay?.state === 'done' && group.count > 0
  && (before.count === 0 || new Date(group.newestReceivedAt) > replay.endedAt);

const idOf = group => JSON.stringify([group.outcome, group.error]);

export function failed(parameters) {
  const { outcome, lastError: error = null } = parameters;
  const highlighted = outcome ? idOf({ outcome, error }) : null;
  const groups = new Map();
  const list = el('div', { class: 'stack' });
  const state = el('p', { class: 'muted' }, 'Loading…');
  const fault = el('div', { class: 'state' });
  let requests = 0;

  async function load() {
    const request = ++requests;
    try {
      const response = await get(`${api}/failures`);
      if (request !== requests) return;
      fault.replaceChildren();
      draw(response);
    } catch (problem) {
      fault.replaceChildren(note('warn', problem.message));
    }
  }

  // A group whose last event was replayed stays, to show the result.
  function draw({ groups: found, total }) {
    const ids = new Set(found.map(idOf));
    state.textContent = total ? `${count(total, 'event')} in ${count(found.length, 'group')}.` : 'No failed events.';
    for (const [id, shown] of groups) {
      if (ids.has(id)) continue;
      if (replayOf(id)) shown.draw({ ...shown.group, count: 0 });
      else remove(id);
    }
    const obsolete = replayIds().filter(id => !ids.has(id) && !groups.has(id));
    for (const id of obsolete) discardReplay(id);
    for (const group of found) {
      const id = idOf(group);
      if (!groups.has(id)) add(id, group);
      groups.get(id).draw(group);
    }
  }

  function add(id, group) {
    const added = groupCard(id, group, load);
    if (id === highlighted) added.node.dataset.highlighted = '';
    groups.set(id, added);
    list.append(added.node);
  }

  function remove(id) {
    groups.get(id).dispose();
    groups.get(id).node.remove();
    groups.delete(id);
  }

  const unsubscribe = refresh(load, failureCounts, 2000);
  return {
    title: 'Failed events',
    node: el('div', { class: 'stack' }, el('div', { class: 'head' }, el('h1', {}, 'Failed events'), state), fault, list),
    dispose() {
      unsubscribe();
      for (const one of groups.values()) one.dispose();
      for (const id of replayIds()) if (replayOf(id).state === 'done') discardReplay(id);
    },
  };
}

function groupCard(id, group, reload) {
  let bar = null;
  const amount = el('span', { class: 'amount', 'data-count': '' });
  const span = el('p', { class: 'muted' });
  const advice = adviceText(group.outcome, group.error);
  const again = button('', async () => {
    if (!await confirmReplay()) return;
    attach(startReplay(id, { outcome: group.outcome, ...group.error && { lastError: group.error } }));
    bar.focus();
    reload();
  }, { class: isReplayUseful(group.outcome) ? 'primary' : null });
  const heading = el('h2', {}, amount, outcomeText(group.outcome),
    group.error && el('span', { class: 'muted' }, `: ${group.error}`));
  const events = link(hash('events', { status: 'failed', outcome: group.outcome, lastError: group.error }), 'List',
    { class: 'as-button', 'aria-label': `List: ${outcomeText(group.outcome)}` });
  const node = el('section', { class: 'card group', 'data-outcome': group.outcome }, heading,
    el('div', { class: 'buttons' }, events, group.replayable && again),
    el('div', { class: 'full-width' }, span, advice && el('p', { class: 'muted' }, advice)));

  function detach() {
    bar?.dispose();
    bar?.node.remove();
  }

  function attach(replay) {
    detach();
    let state = null;
    bar = replayProgress(replay, heading, () => {
      again.disabled = replay.state === 'running' || shown.group.count === 0;
      if (state && state !== replay.state) reload();
      state = replay.state;
    });
    node.append(bar.node);
  }

  const shown = {
    node, group,
    draw(now) {
      if (isOutdated(replayOf(id), shown.group, now)) {
        discardReplay(id);
        detach();
      }
      shown.group = now;
      amount.textContent = number(now.count);
      again.textContent = now.count ? `Replay all ${number(now.count)}` : 'Replay';
      again.disabled = now.count === 0 || replayOf(id)?.state === 'running';
      const isOne = now.newestReceivedAt === now.oldestReceivedAt;
      span.replaceChildren('Received ', ...isOne ? [] : ['between ', ...moment(now.oldestReceivedAt), ' and '],
        ...moment(now.newestReceivedAt), '.');
    },
    dispose: () => bar?.dispose(),
  };
  if (replayOf(id)) attach(replayOf(id));
  return shown;
}
