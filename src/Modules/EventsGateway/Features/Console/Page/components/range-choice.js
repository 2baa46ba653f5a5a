import { button, el, setText, show } from '../app/dom.js';
import { setQuery } from '../app/route.js';
import { now, secondsText, timeText } from '../app/time.js';

const ranges = [['5min', '5 min', 300], ['1h', '1 h', 3600], ['24h', '24 h', 86400], ['30d', '30 d', 2592000]];
const first = ranges[0];
const least = 60;

/** The range in the address: the name of one that ends now, or the times of one that was chosen in a chart. */
function rangeOf({ range, from, to }) {
  const times = [from, to].map(at => Date.parse(at));
  if (times.every(Number.isFinite) && times[0] < times[1]) return { from: times[0], to: times[1] };
  const [id, text, seconds] = ranges.find(one => one[0] === range) ?? first;
  return { id, text, seconds };
}

/** Buttons for the range of charts. The view is {id, text, seconds} for a range that ends now, else {from, to, text}. */
export function rangeChoice(query, changed) {
  let current = rangeOf(query);
  const choose = next => {
    current = next;
    setQuery(next.id === first[0] ? {} : next.id ? { range: next.id } : { from: iso(next.from), to: iso(next.to) });
    draw();
    changed(view());
  };
  const buttons = ranges.map(([id, text, seconds]) => button(text, () => choose({ id, text, seconds }), { 'data-range': id }));
  const move = by => {
    const [from, to] = bounds();
    const last = Math.min(now(), to + by * (to - from));
    choose({ from: last - (to - from), to: last });
  };
  const earlier = button('Earlier', () => move(-1));
  const later = button('Later', () => move(1));
  const out = button('Zoom out', () => {
    const [from, to] = bounds();
    const last = Math.min(now(), to + (to - from) / 2);
    choose({ from: Math.max(last - 2 * (to - from), now() - 2592000000), to: last });
  });
  const text = el('span', { class: 'muted', 'data-points': '' });
  const bounds = () => current.id ? [now() - current.seconds * 1000, now()] : [current.from, current.to];
  const iso = at => new Date(Math.round(at)).toISOString();
  const view = () => ({ ...current, bounds, text: current.text ?? `${timeText(current.from)} to ${timeText(current.to)}` });

  function draw() {
    for (const one of buttons) one.setAttribute('aria-pressed', one.dataset.range === current.id);
    show(later, !current.id);
    show(out, !current.id);
  }

  draw();
  return {
    node: el('div', { class: 'buttons range', role: 'group', 'aria-label': 'Range of the charts' },
      buttons, earlier, later, out, text),
    view,
    zoom: (from, to) => choose({ from: Math.min(from, to - least * 1000), to }),
    /** What one point of the charts stands for. */
    describe: step => setText(text, `${current.id ? '' : `${view().text}; `}points of ${secondsText(step)}`),
  };
}
