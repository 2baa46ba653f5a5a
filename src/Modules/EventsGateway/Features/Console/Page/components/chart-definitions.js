import { decimal, number } from '../app/labels.js';
import { durationText, secondsText } from '../app/time.js';

const short = value => value >= 1e6 ? `${decimal(value / 1e6)}M` : value >= 1000 ? `${decimal(value / 1000)}k` : decimal(value);
// One unit: the axis has little room.
const coarse = seconds => seconds < 60 ? `${decimal(seconds)} s`
  : seconds < 3600 ? `${decimal(seconds / 60)} min` : `${decimal(seconds / 3600)} h`;
const perSecond = value => `${decimal(value)}/s`;

const rate = 'mean of';
const level = 'highest of';
const percentiles = 'percentiles of';

/** The charts of the overview. */
export const ofProcesses = [
  {
    title: 'Throughput', minimum: 5, axis: short, window: rate,
    series: [
      { label: 'accepted', name: 'accepted', shade: 'first', format: perSecond },
      { label: 'duplicates', name: 'duplicate', shade: 'third', dash: [2, 2], format: perSecond },
      { label: 'processed', name: 'processed', shade: 'second', dash: [5, 3], format: perSecond },
      { label: 'rejected', name: 'rejected', shade: 'bad', format: perSecond },
    ],
  },
  {
    title: 'Accept duration', minimum: 5, window: percentiles, axis: value => value === 0 ? '0' : durationText(value),
    series: [
      { label: 'p50', name: 'p50', shade: 'first', format: durationText },
      { label: 'p95', name: 'p95', shade: 'second', dash: [5, 3], format: durationText },
      { label: 'p99', name: 'p99', shade: 'third', dash: [2, 2], format: durationText },
    ],
  },
  {
    title: 'Backlog', minimum: 10, axis: short, window: level,
    series: [
      { label: 'pending', name: 'pending', shade: 'first', format: number },
      { label: 'queued', name: 'queued', shade: 'second', dash: [5, 3], format: number, isOptional: true },
      { label: 'in flight', name: 'inFlight', shade: 'third', dash: [2, 2], format: number },
    ],
  },
  {
    title: 'Oldest pending event', minimum: 10, window: level, axis: value => value === 0 ? '0' : coarse(value),
    series: [{ label: 'age', name: 'oldest', shade: 'first', format: secondsText }],
  },
  {
    title: 'Failures', minimum: 5, axis: short, window: rate,
    series: [
      { label: 'retries', name: 'retries', shade: 'first', format: perSecond },
      { label: 'failed', name: 'failed', shade: 'bad', dash: [5, 3], format: perSecond },
    ],
  },
  {
    title: 'Attempt duration', minimum: 5, window: percentiles, axis: value => value === 0 ? '0' : durationText(value),
    series: [
      { label: 'p50', name: 'attemptP50', shade: 'first', format: durationText },
      { label: 'p99', name: 'attemptP99', shade: 'third', dash: [2, 2], format: durationText },
    ],
  },
];

/** Those of a source, which has counts alone. */
export const ofSource = [
  {
    title: 'Requests', minimum: 1, axis: short, window: rate,
    series: [
      { label: 'accepted', name: 'accepted', shade: 'first', format: perSecond },
      { label: 'duplicates', name: 'duplicate', shade: 'third', dash: [2, 2], format: perSecond },
      { label: 'rejected', name: 'rejected', shade: 'bad', format: perSecond },
    ],
  },
  {
    title: 'Outcomes', minimum: 1, axis: short, window: rate,
    series: [
      { label: 'processed', name: 'processed', shade: 'first', format: perSecond },
      { label: 'of them late', name: 'late', shade: 'second', dash: [5, 3], format: perSecond },
      { label: 'failed', name: 'failed', shade: 'bad', format: perSecond },
    ],
  },
];
