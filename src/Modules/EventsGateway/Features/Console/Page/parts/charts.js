import { el } from '../app/dom.js';
import { durationText, secondsText } from '../app/time.js';
import { decimal, number } from '../app/words.js';
import { chart } from './chart.js';

const short = value => value >= 1e6 ? `${decimal(value / 1e6)}M` : value >= 1000 ? `${decimal(value / 1000)}k` : decimal(value);
// One unit: there is little room at an axis.
const rough = seconds => seconds < 60 ? `${decimal(seconds)} s` : seconds < 3600 ? `${decimal(seconds / 60)} min` : `${decimal(seconds / 3600)} h`;
const perSecond = value => `${decimal(value)}/s`;

const shown = [
  {
    title: 'Rate', quiet: 5, axis: short,
    series: [
      { label: 'accepted', name: 'accepted', shade: 'first', show: perSecond },
      { label: 'processed', name: 'processed', shade: 'second', dash: [5, 3], show: perSecond },
      { label: 'rejected', name: 'rejected', shade: 'bad', show: perSecond },
    ],
  },
  {
    title: 'Time to accept', quiet: 5, axis: value => value === 0 ? '0' : durationText(value),
    series: [
      { label: 'p50', name: 'p50', shade: 'first', show: durationText },
      { label: 'p95', name: 'p95', shade: 'second', dash: [5, 3], show: durationText },
      { label: 'p99', name: 'p99', shade: 'third', dash: [2, 2], show: durationText },
    ],
  },
  {
    title: 'Backlog', quiet: 10, axis: short,
    series: [
      { label: 'pending', name: 'pending', shade: 'first', show: number },
      { label: 'queued', name: 'queued', shade: 'second', dash: [5, 3], show: number, isOptional: true },
      { label: 'in flight', name: 'inFlight', shade: 'third', dash: [2, 2], show: number },
    ],
  },
  {
    title: 'Age of the oldest', quiet: 10, axis: value => value === 0 ? '0' : rough(value),
    series: [{ label: 'pending for', name: 'oldest', shade: 'first', show: secondsText }],
  },
  {
    title: 'Failing', quiet: 5, axis: short,
    series: [
      { label: 'retries', name: 'retries', shade: 'first', show: perSecond },
      { label: 'failed', name: 'failed', shade: 'bad', dash: [5, 3], show: perSecond },
    ],
  },
  {
    title: 'Time of an attempt', quiet: 5, axis: value => value === 0 ? '0' : durationText(value),
    series: [
      { label: 'p50', name: 'attemptP50', shade: 'first', show: durationText },
      { label: 'p99', name: 'attemptP99', shade: 'third', dash: [2, 2], show: durationText },
    ],
  },
];

/** The charts of the overview. */
export function charts() {
  const all = shown.map(chart);
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
