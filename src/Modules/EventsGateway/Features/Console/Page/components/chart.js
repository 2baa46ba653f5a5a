/* global uPlot */
import { card, el, setText, show } from '../app/dom.js';
import { clockText } from '../app/time.js';

const span = 300;
const colour = name => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
const crosshair = uPlot.sync('console');

// A line through fewer points is too short to see.
const minRun = 4;

/** Indices of values in runs so short that they need a dot. */
export function isolatedPoints(values) {
  const found = [];
  for (let begin = 0, end; begin < values.length; begin = end + 1) {
    for (end = begin; end < values.length && values[end] != null;) end++;
    if (end - begin < minRun) for (let at = begin; at < end; at++) found.push(at);
  }
  return found;
}

/**
 * One small chart of the last five minutes. Series: {label, name of the point's member, shade, dash, format(value)}.
 * `minimum` is the least upper bound of the axis. The legend shows the values; a sentence describes the canvas.
 */
export function chart({ title, series, axis, minimum }) {
  const keys = series.map(one => ({ ...one, value: el('b', {}, '–') }));
  const legend = el('ul', { class: 'legend' }, keys.map(one => one.item = el('li', {},
    el('i', { class: `key is-${one.shade} ${one.dash ? 'dashed' : ''}` }), one.label, ' ', one.value)));
  const canvas = el('div', { class: 'plot', role: 'img', 'aria-label': `${title}: no data yet` });
  const node = card(null, { class: 'chart' }, el('div', { class: 'top' }, el('h2', {}, title), legend), canvas);
  let plot = null;
  let points = [];
  let described = 0;

  const data = () => [points.map(point => point.t / 1000), ...series.map(one => points.map(point => point[one.name] ?? null))];
  const legendAt = index => {
    const point = points[index ?? points.length - 1];
    for (const one of keys) {
      setText(one.value, point?.[one.name] == null ? '–' : one.format(point[one.name]));
      show(one.item, !one.isOptional || points.some(each => each[one.name] != null));
    }
  };

  function make() {
    plot?.destroy();
    canvas.replaceChildren();
    plot = new uPlot(options(), data(), canvas);
  }

  const line = { stroke: () => colour('muted'), font: '11px system-ui, sans-serif', ticks: { show: false }, gap: 4 };
  const options = () => ({
    width: Math.max(120, canvas.clientWidth), height: canvas.clientHeight, legend: { show: false }, padding: [8, 16, 0, 0],
    cursor: { y: false, drag: { x: false, y: false }, sync: { key: crosshair.key }, points: { size: 6 } },
    scales: {
      x: { time: true, range: (_, __, last) => [(last || Date.now() / 1000) - span, last || Date.now() / 1000] },
      y: { range: (_, __, high) => [0, Math.max(high * 1.12, minimum)] },
    },
    axes: [
      {
        ...line, size: 20, space: 60, grid: { show: false }, incrs: [60, 120],
        values: (_, splits) => splits.map(at => clockText(at * 1000).slice(0, 5)),
      },
      {
        ...line, size: 44, space: 34, grid: { stroke: () => colour('line'), width: 1 },
        values: (_, splits) => splits.map(axis),
      },
    ],
    series: [{}, ...series.map((one, at) => ({
      stroke: () => colour(one.shade), width: 1.75, dash: one.dash, spanGaps: false,
      points: {
        show: true, size: 4, width: 0, fill: () => colour(one.shade),
        filter: (self, index) => isolatedPoints(self.data[index]),
      },
      fill: at === 0 ? () => `${colour(one.shade)}1c` : undefined,
    }))],
    hooks: { setCursor: [self => legendAt(self.cursor.idx)] },
  });

  const resize = new ResizeObserver(() => {
    if (plot && canvas.clientWidth) plot.setSize({ width: canvas.clientWidth, height: canvas.clientHeight });
  });

  return {
    node,
    draw(latestPoints) {
      points = latestPoints;
      if (!plot) {
        make();
        resize.observe(canvas);
      } else {
        plot.setData(data());
      }
      legendAt(plot.cursor.idx);
      // Screen readers would read a changing label every second.
      if (Date.now() - described < 15000) return;
      described = Date.now();
      canvas.setAttribute('aria-label', description(title, series, points));
    },
    recolour: () => plot && make(),
    dispose() {
      resize.disconnect();
      plot?.destroy();
    },
  };
}

function description(title, series, points) {
  const parts = series.map(one => {
    const values = points.map(point => point[one.name]).filter(value => value != null);
    return values.length ? `${one.label} ${one.format(values.at(-1))}, highest ${one.format(Math.max(...values))}`
      : `${one.label} no data`;
  });
  return `${title}, last five minutes: ${parts.join('; ')}.`;
}
