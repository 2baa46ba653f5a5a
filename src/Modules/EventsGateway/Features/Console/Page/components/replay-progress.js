import { announce, button, el, focusOn, link, setText, show } from '../app/dom.js';
import { count, number } from '../app/labels.js';
import { eventHash } from '../app/route.js';
import { now, timeText } from '../app/time.js';

/** The progress of a replay, with buttons to stop and resume it. Without a button left, `heading` takes the focus. */
export function replayProgress(replay, heading, changed) {
  const bar = el('progress', { 'aria-label': 'Progress of the replay' });
  const text = el('span', { 'data-replay': '' });
  const stop = button('Stop', () => replay.stop());
  const resume = button('Resume', () => replay.run());
  const failed = el('span');
  const node = el('div', { class: 'replay-progress full-width' }, bar,
    el('div', { class: 'buttons' }, text, failed, stop, resume));

  const focus = () => focusOn([stop, resume].find(one => !one.hidden) ?? heading);
  const draw = () => {
    if (replay.total) {
      bar.max = replay.total;
      bar.value = replay.done;
    }
    setText(text, progressText(replay));
    text.dataset.replay = replay.state;
    const hadFocus = node.contains(document.activeElement);
    show(stop, replay.state === 'running');
    show(resume, ['stopped', 'broken', 'held'].includes(replay.state));
    setText(resume, replay.state === 'held' ? 'Replay the rest anyway' : 'Resume');
    failed.replaceChildren(...replay.state === 'held' ? [link(eventHash(replay.canary.failedKey), 'See why')] : []);
    if (hadFocus) focus();
    if (replay.state !== 'running') {
      if (replay.total === 0) {
        bar.max = 1;
        bar.value = 1;
      }
      announce(progressText(replay));
    }
    changed();
  };
  replay.addEventListener('change', draw);
  draw();
  return { node, focus, dispose: () => replay.removeEventListener('change', draw) };
}

function progressText(replay) {
  const isSpread = replay.state !== 'running' && new Date(replay.dueUntil ?? 0) > now();
  return stateText(replay) + (isSpread ? ` The last one is due at ${timeText(replay.dueUntil)}.` : '');
}

function stateText({ state, done, total, remaining, fault, canary }) {
  if (state === 'held') {
    return `Held: of the first ${number(canary.size)}, ${number(canary.routed)} routed, ${number(canary.failed)} not routed`
      + `${canary.waiting ? `, ${number(canary.waiting)} pending` : ''}: ${canary.error}. The rest is not replayed.`;
  }
  if (state === 'running' && canary && !canary.isDone)
    return `Replaying the first ${number(canary.size)}: ${number(canary.routed)} routed, ${number(canary.waiting)} pending`;
  if (state === 'running') return total == null ? 'Replaying…' : `Replaying: ${number(done)} of ${number(total)}`;
  if (state === 'broken') return `Failed after ${count(done, 'event')}: ${fault}`;
  const left = remaining == null ? '' : `, ${number(remaining)} left`;
  if (state === 'stopped') return `Stopped: ${count(done, 'event')} replayed${left}.`;
  return `Done: ${count(done, 'event')} replayed.${remaining ? ` ${number(remaining)} cannot be replayed.` : ''}`;
}
