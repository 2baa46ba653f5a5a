import { svg } from '../app/dom.js';
import { count } from '../app/labels.js';

const step = 2;
const baseline = 18;
const height = 26;

/** The last 60 minutes of a source: accepted events upwards, failed requests downwards, both on one scale. */
export function sparkline({ acceptedByMinute: accepted, rejectedByMinute: rejected }) {
  const highest = Math.max(1, ...accepted, ...rejected);
  // One of many is still a line that can be seen.
  const length = (value, room) => Math.max(1.5, value / highest * room);
  const bars = (values, room, sign) => values.map((value, minute) => value > 0
    ? `M${minute * step + 1} ${baseline}v${(sign * length(value, room)).toFixed(1)}` : '').join('');
  const total = values => values.reduce((sum, value) => sum + value, 0);
  return svg('svg', {
    class: 'sparkline', viewBox: `0 0 ${accepted.length * step} ${height}`, preserveAspectRatio: 'none', role: 'img',
    'aria-label': `Last hour: ${count(total(accepted), 'event')} accepted, ${count(total(rejected), 'request')} not accepted`,
  },
  svg('path', { class: 'axis', d: `M0 ${baseline}h${accepted.length * step}` }),
  svg('path', { class: 'accepted', d: bars(accepted, baseline, -1) }),
  svg('path', { class: 'rejected', d: bars(rejected, height - baseline, 1) }));
}
