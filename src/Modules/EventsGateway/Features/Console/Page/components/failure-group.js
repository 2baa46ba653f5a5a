import { dismiss } from '../app/dismissals.js';
import { may } from '../app/api.js';
import { announce, button, el, link, note } from '../app/dom.js';
import { adviceText, count, isReplayUseful, number, outcomeText } from '../app/labels.js';
import { discardReplay, replayOf, startReplay } from '../app/replays.js';
import { hash } from '../app/route.js';
import { age, time } from '../app/time.js';
import { confirm, confirmReplay } from './confirm.js';
import { failureShares } from './failure-shares.js';
import { replayProgress } from './replay-progress.js';
import { searchReplay } from './search-replay.js';

const moment = at => [time(at), ' (', age(at), ')'];
// A finished replay says nothing about a group that reappeared or about events that failed later.
const isOutdated = (replay, before, group) => replay?.state === 'done' && group.count > 0
  && (before.count === 0 || new Date(group.newestReceivedAt) > replay.endedAt);

/** One group with its buttons. `report` shows what a dismissal did: the group is gone by then. */
export function failureGroup(id, group, reload, report) {
  let bar = null;
  const amount = el('span', { class: 'amount', 'data-count': '' });
  const span = el('p', { class: 'muted' });
  const advice = adviceText(group.outcome, group.error);
  const filter = {
    outcome: group.outcome, ...group.error && { lastError: group.error }, ...group.source && { source: group.source },
  };
  const stepwise = searchReplay(filter, reload, 'group', 'Canary or rate…');
  const again = button('', async () => {
    if (!await confirmReplay(shown.group.count)) return;
    attach(startReplay(id, filter));
    bar.focus();
    reload();
  }, { class: isReplayUseful(group.outcome) ? 'primary' : null });
  const dismissal = button('Dismiss', async () => {
    const question = `${count(shown.group.count, 'event')} of this group get no more attempts. They can be replayed.`;
    if (!await confirm('Dismiss', question, 'Dismiss')) return;
    try {
      const text = await dismiss({ filter });
      report(note('good', text));
      announce(text);
    } catch (fault) {
      report(note('bad', fault.message));
    }
    reload();
  });
  const heading = el('h2', {}, amount, outcomeText(group.outcome),
    group.error && el('span', { class: 'muted' }, `: ${group.error}`));
  const events = link(hash('events', { status: 'failed', ...filter }), 'List',
    { class: 'as-button', 'aria-label': `List: ${outcomeText(group.outcome)}` });
  const node = el('section', { class: 'card group', 'data-outcome': group.outcome }, heading,
    el('div', { class: 'buttons' }, events, may('operate') && group.replayable && [again, stepwise.opener],
      may('operate') && dismissal),
    el('div', { class: 'full-width' }, span, advice && el('p', { class: 'muted' }, advice)),
    failureShares(filter), el('div', { class: 'full-width' }, stepwise.node));

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
      dismissal.disabled = now.count === 0 || replayOf(id)?.state === 'running';
      again.textContent = now.count ? `Replay all ${number(now.count)}` : 'Replay';
      again.disabled = now.count === 0 || replayOf(id)?.state === 'running';
      const isOne = now.newestReceivedAt === now.oldestReceivedAt;
      span.replaceChildren('Received ', ...isOne ? [] : ['between ', ...moment(now.oldestReceivedAt), ' and '],
        ...moment(now.newestReceivedAt), '.');
    },
    dispose() {
      bar?.dispose();
      stepwise.dispose();
    },
  };
  if (replayOf(id)) attach(replayOf(id));
  return shown;
}
