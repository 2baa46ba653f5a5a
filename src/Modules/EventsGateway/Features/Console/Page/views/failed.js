import { api, get, query } from '../app/api.js';
import { el, note } from '../app/dom.js';
import { count } from '../app/labels.js';
import { failureCounts, refresh } from '../app/refresh.js';
import { discardReplay, replayIds, replayOf } from '../app/replays.js';
import { failureGroup } from '../components/failure-group.js';
import { sourceChoice } from '../components/source-choice.js';

export function failed(parameters) {
  const { outcome, lastError: error = null, source } = parameters;
  const kind = source ? `group of ${source} ` : 'group in all ';
  const idOf = group => kind + JSON.stringify([group.outcome, group.error]);
  const highlighted = outcome ? idOf({ outcome, error }) : null;
  const groups = new Map();
  const list = el('div', { class: 'stack' });
  const state = el('p', { class: 'muted' }, 'Loading…');
  const fault = el('div', { class: 'state' });
  const result = el('div', { class: 'state' });
  let requests = 0;

  async function load() {
    const request = ++requests;
    try {
      const response = await get(`${api}/failures${query({ source })}`);
      if (request !== requests) return;
      fault.replaceChildren();
      draw({ ...response, groups: response.groups.map(group => ({ ...group, source })) });
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
    const obsolete = replayIds(kind).filter(id => !ids.has(id) && !groups.has(id));
    for (const id of obsolete) discardReplay(id);
    for (const group of found) {
      const id = idOf(group);
      if (!groups.has(id)) add(id, group);
      groups.get(id).draw(group);
    }
  }

  function add(id, group) {
    const added = failureGroup(id, group, load, message => result.replaceChildren(message));
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
    node: el('div', { class: 'stack' },
      el('div', { class: 'head' }, el('h1', {}, 'Failed events'), state, sourceChoice(source)), fault, result, list),
    dispose() {
      unsubscribe();
      for (const one of groups.values()) one.dispose();
      for (const id of replayIds(kind)) if (replayOf(id).state === 'done') discardReplay(id);
    },
  };
}
