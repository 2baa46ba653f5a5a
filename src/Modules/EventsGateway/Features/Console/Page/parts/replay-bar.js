import { announce, button, el, focusOn, setText, show } from '../app/dom.js';
import { count, number } from '../app/words.js';

/** The progress of a replay, with the way to stop it, and to go on. `heading` takes the focus when there is nothing more to press. */
export function replayBar(replay, heading, changed) {
  const bar = el('progress', { 'aria-label': 'Progress of the replay' });
  const text = el('span', { 'data-replay': '' });
  const stop = button('Stop', () => replay.stop());
  const goOn = button('Go on', () => replay.run());
  const node = el('div', { class: 'replaying full' }, bar, el('div', { class: 'buttons' }, text, stop, goOn));

  const focus = () => focusOn([stop, goOn].find(one => !one.hidden) ?? heading);
  const draw = () => {
    if (replay.total) {
      bar.max = replay.total;
      bar.value = replay.done;
    }
    setText(text, said(replay));
    text.dataset.replay = replay.state;
    const hadFocus = node.contains(document.activeElement);
    show(stop, replay.state === 'running');
    show(goOn, replay.state === 'stopped' || replay.state === 'broken');
    if (hadFocus) focus();
    if (replay.state !== 'running') {
      if (replay.total === 0) {
        bar.max = 1;
        bar.value = 1;
      }
      announce(said(replay));
    }
    changed();
  };
  replay.addEventListener('change', draw);
  draw();
  return { node, focus, dispose: () => replay.removeEventListener('change', draw) };
}

function said({ state, done, total, remaining, fault }) {
  if (state === 'running') return total == null ? 'Replaying…' : `Replaying: ${number(done)} of ${number(total)}`;
  if (state === 'broken') return `Stopped after ${count(done, 'event')}: ${fault}`;
  if (state === 'stopped') return `Stopped: ${count(done, 'event')} replayed, ${number(remaining)} left.`;
  return `Done: ${count(done, 'event')} replayed.${remaining ? ` ${number(remaining)} cannot be replayed.` : ''}`;
}
