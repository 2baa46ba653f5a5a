import { el } from '../app/dom.js';
import { durationText, secondsText } from '../app/time.js';
import { decimal, number } from '../app/labels.js';
import { chart } from './chart.js';

const short = value => value >= 1e6 ? `${decimal(value / 1e6)}M` : value >= 1000 ? `${decimal(value / 1000)}k` : decimal(value);
// One unit: the axis has little room.
const coarse = seconds => seconds < 60 ? `${decimal(seconds)} s`
  : seconds < 3600 ? `${decimal(seconds / 60)} min` : `${decimal(seconds / 3600)} h`;
const perSecond = value => `${decimal(value)}/s`;

const definitions = [
  {
    title: 'Throughput', minimum: 5, axis: short,
    series: [
      { label: 'accepted', name: 'accepted', shade: 'first', format: perSecond },
      { label: 'processed', name: 'processed', shade: 'second', dash: [5, 3], format: perSecond },
      { label: 'rejected', name: 'rejected', shade: 'bad', format: perSecond },
    ],
  },
  {
    title: 'Accept duration', minimum: 5, axis: value => value === 0 ? '0' : durationText(value),
    series: [
      { label: 'p50', name: 'p50', shade: 'first', format: durationText },
      { label: 'p95', name: 'p95', shade: 'second', dash: [5, 3], format: durationText },
      { label: 'p99', name: 'p99', shade: 'third', dash: [2, 2], format: durationText },
    ],
  },
  {
    title: 'Backlog', minimum: 10, axis: short,
    series: [
      { label: 'pending', name: 'pending', shade: 'first', format: number },
      { label: 'queued', name: 'queued', shade: 'second', dash: [5, 3], format: number, isOptional: true },
      { label: 'in flight', name: 'inFlight', shade: 'third', dash: [2, 2], format: number },
    ],
  },
  {
    title: 'Oldest pending event', minimum: 10, axis: value => value === 0 ? '0' : coarse(value),
    series: [{ label: 'age', name: 'oldest', shade: 'first', format: secondsText }],
  },
  {
    title: 'Failures', minimum: 5, axis: short,
    series: [
      { label: 'retries', name: 'retries', shade: 'first', format: perSecond },
      { label: 'failed', name: 'failed', shade: 'bad', dash: [5, 3], format: perSecond },
    ],
  },
  {
    title: 'Attempt duration', minimum: 5, axis: value => value === 0 ? '0' : durationText(value),
    series: [
      { label: 'p50', name: 'attemptP50', shade: 'first', format: durationText },
      { label: 'p99', name: 'attemptP99', shade: 'third', dash: [2, 2], format: durationText },
    ],
  },
];

/** The charts of the overview. */
export function charts() {
  const all = definitions.map(chart);
  const recolour = () => { for (const one of all) one.recolour(); };
  addEventListener('theme', recolour);
  return {
    node: el('div', { class: 'charts' }, all.map(one => one.node)),
    draw(points) { for (const one of all) one.draw(points); },
    dispose() {
      removeEventListener('theme', recolour);
      for (const one of all) one.dispose();
    },
  };
}
