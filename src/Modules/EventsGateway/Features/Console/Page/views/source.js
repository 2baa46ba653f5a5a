import { api, get, may, post, query } from '../app/api.js';
import { announce, button, card, el, link, note, refill, restoreFocus } from '../app/dom.js';
import { count } from '../app/labels.js';
import { eventCounts, refresh, rejectionCounts } from '../app/refresh.js';
import { hash } from '../app/route.js';
import { confirmReplay } from '../components/confirm.js';
import { charts } from '../components/charts.js';
import { rejection } from '../components/rejection-details.js';
import { activityCard, containerTable, secretsCard, unknownTypesCard } from '../components/source-cards.js';
import { proofBadge, unmappedHash } from '../components/source-columns.js';
import { setupCard } from '../components/source-setup.js';
import { tryForm } from '../components/try-form.js';

const shownRejections = 10;
const shownContainers = 5;

export function source(name, parameters) {
  const heading = el('h1', {}, name);
  const state = el('div', { class: 'state' });
  const about = el('div', { class: 'stack' });
  const numbers = el('div', { class: 'stack' });
  const trial = el('div', { class: 'state' });
  const unmapped = unmappedCard(name, heading);
  const rejections = rejectionsCard(name);
  const graphs = charts(parameters, name);
  let drawn = '';

  async function load() {
    try {
      const found = await get(`${api}/sources/${encodeURIComponent(name)}`);
      state.replaceChildren();
      if (JSON.stringify(found) === drawn) return;
      // The form keeps what was pasted into it.
      if (!trial.firstChild && may('operate')) trial.replaceChildren(tryForm(found));
      drawn = JSON.stringify(found);
      refill(about, [
        el('div', { class: 'head' }, proofBadge(found.proof),
          el('span', { class: 'muted' }, `Preset ${found.preset}, scheme ${found.scheme}, ${found.path}`),
          link(hash('failed', { source: found.name }), 'Failed events')),
        ...found.findings.map(finding => note('warn', finding)),
      ]);
      refill(numbers, [activityCard(found), setupCard(found), secretsCard(found), unknownTypesCard(found)].filter(Boolean));
    } catch (fault) {
      drawn = '';
      state.replaceChildren(note(fault.status === 404 ? 'neutral' : 'warn', fault.message));
    }
  }

  const subscriptions = [
    refresh(load, latest => latest.point.t, 3000), refresh(unmapped.load, eventCounts, 2000),
    refresh(rejections.load, rejectionCounts, 2000),
  ];
  return {
    title: name,
    dispose() {
      for (const each of subscriptions) each();
      graphs.dispose();
    },
    node: el('div', { class: 'stack' }, el('div', {}, link(hash('sources'), 'Sources'), heading), state, about, graphs.node,
      el('div', { class: 'columns' }, el('div', { class: 'stack' }, trial, unmapped.node, rejections.node), numbers)),
  };
}

/** The newest containers of requests that could not be mapped. A replay maps them as the source is configured now. */
function unmappedCard(name, heading) {
  const filter = { outcome: 'unmapped', source: name };
  const state = el('div', { class: 'state' });
  const list = el('div');
  const replay = button('Replay all', run, { disabled: true });

  async function load() {
    try {
      const { items } = await get(`${api}/events${query({ ...filter, status: 'failed', limit: shownContainers })}`);
      replay.disabled = items.length === 0;
      refill(list, [items.length ? containerTable(items) : el('p', { class: 'empty' }, 'No unmapped requests.')]);
    } catch (fault) {
      state.replaceChildren(note('warn', fault.message));
    }
  }

  async function run() {
    try {
      const { remaining } = await post(`${api}/replays`, { filter, limit: 0 });
      if (!await confirmReplay(remaining)) return;
      const response = await post(`${api}/replays`, { filter });
      const text = `${count(response.replayed, 'request')} replayed: mapped again as the source is configured now.`;
      state.replaceChildren(note('good', text));
      announce(text);
      await load();
      restoreFocus(heading);
    } catch (fault) {
      state.replaceChildren(note('bad', fault.message));
    }
  }

  const node = card(null, { class: 'flush', 'aria-label': 'Unmapped requests' },
    el('div', { class: 'head' }, el('h2', {}, 'Unmapped requests'),
      el('div', { class: 'buttons end' }, link(unmappedHash(name), 'List', { class: 'as-button' }),
        may('operate') && replay)), state, list);
  return { node, load };
}

function rejectionsCard(name) {
  const list = el('div', { class: 'stack' });
  let drawn = '';
  const load = async () => {
    const { items } = await get(`${api}/rejections?limit=200`).catch(() => ({ items: [] }));
    const own = items.filter(item => item.source === name).slice(0, shownRejections);
    if (JSON.stringify(own) === drawn) return;
    drawn = JSON.stringify(own);
    refill(list, own.length ? own.map(item => rejection(item, false))
      : [el('p', { class: 'muted' }, 'No rejected requests since the start of this process.')]);
  };
  return { node: card('Rejected requests', { class: 'stack' }, list), load };
}
