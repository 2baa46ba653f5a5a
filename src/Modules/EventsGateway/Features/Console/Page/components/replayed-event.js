import { api, get } from '../app/api.js';
import { announce, el, link } from '../app/dom.js';
import { outcomeText, statusKind } from '../app/labels.js';
import { refresh } from '../app/refresh.js';
import { eventHash } from '../app/route.js';
import { badge } from './icons.js';

/** One replayed event. Its status is read until it has an outcome; it is pending as long as the routing service is down. */
export function replayedEvent({ key, eventId }) {
  const state = el('span', { class: 'buttons' }, badge('pending', 'pending'));
  let isPending = true;

  async function load() {
    if (!isPending) return;
    const found = await get(`${api}/events/${encodeURIComponent(key)}`).catch(() => null);
    if (!found || found.status === 'pending') return;
    isPending = false;
    const outcome = [found.outcome && outcomeText(found.outcome), found.lastError].filter(Boolean).join(': ');
    state.replaceChildren(badge(statusKind(found.status), found.status), outcome);
    announce(`Replayed first: ${found.status}. ${outcome}`);
  }

  return {
    node: el('p', { class: 'buttons', 'data-first': '' },
      'Replayed first:', link(eventHash(key), eventId ?? key, { title: key }), state),
    dispose: refresh(load, latest => isPending && latest.point.t, 1000),
  };
}
