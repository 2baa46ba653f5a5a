/* global uPlot */
import { card, el, setText, show } from '../app/dom.js';
import { clockText, dayText, timeText } from '../app/time.js';
import { axisTop, description, isolatedPoints } from './chart-values.js';

const colour = name => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
const crosshair = uPlot.sync('console');
const minute = 60;
const day = 86400;
const steps = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 7200].map(minutes => minutes * minute);

// A shorter drag is a click.
const minDrag = 12;

/**
 * One small chart. Series: {label, name of the point's member, shade, dash, format(value)}. `minimum` is the least upper bound of
 * the axis, `window` names what a value stands for, such as "mean of", `zoomed` gets the range of a drag. The legend shows the
 * values; a sentence describes the canvas.
 */
export function chart({ title, series, axis, minimum, window: windowText, zoomed }) {
  const keys = series.map(one => ({ ...one, value: el('b', {}, '–') }));
  const legend = el('ul', { class: 'legend' }, keys.map(one => one.item = el('li', {},
    el('i', { class: `key is-${one.shade} ${one.dash ? 'dashed' : ''}` }), one.label, ' ', one.value)));
  const meaning = el('span', { class: 'muted' });
  const canvas = el('div', { class: 'plot', role: 'img', 'aria-label': `${title}: no data yet` });
  const node = card(null, { class: 'chart' }, el('div', { class: 'top' }, el('h2', {}, title), meaning, legend), canvas);
  let plot = null;
  let points = [];
  let view = { from: 0, to: 1, text: '', step: '' };
  let top = minimum;
  let described = 0;

  const data = () => [points.map(point => point.t / 1000), ...series.map(one => points.map(point => point[one.name] ?? null))];
  const legendAt = index => {
    const point = points[index ?? points.length - 1];
    for (const one of keys) {
      setText(one.value, point?.[one.name] == null ? '–' : one.format(point[one.name]));
      show(one.item, !one.isOptional || points.some(each => each[one.name] != null));
    }
    const above = points.some(each => series.some(one => each[one.name] > top)) ? '; ▲ above the axis' : '';
    setText(meaning, index == null ? `${windowText} ${view.step}${above}` : `${windowText} ${view.step}, ${timeText(point.t)}`);
  };

  function make() {
    plot?.destroy();
    canvas.replaceChildren();
    plot = new uPlot(options(), data(), canvas);
  }

  // Values above the axis are marked at its end.
  function markClipped(self) {
    const size = 4 * devicePixelRatio;
    series.forEach((one, at) => {
      self.ctx.fillStyle = colour(one.shade);
      self.data[at + 1].forEach((value, index) => {
        if (value == null || value <= top) return;
        const x = self.valToPos(self.data[0][index], 'x', true);
        self.ctx.beginPath();
        self.ctx.moveTo(x, self.bbox.top);
        self.ctx.lineTo(x - size, self.bbox.top + 2 * size);
        self.ctx.lineTo(x + size, self.bbox.top + 2 * size);
        self.ctx.fill();
      });
    });
  }

  function zoom(self) {
    const { left, width } = self.select;
    if (width < minDrag) return;
    self.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    zoomed(self.posToVal(left, 'x') * 1000, self.posToVal(left + width, 'x') * 1000);
  }

  const isLong = () => view.to - view.from > 2 * day;
  const line = { stroke: () => colour('muted'), font: '11px system-ui, sans-serif', ticks: { show: false }, gap: 4 };
  const options = () => ({
    width: Math.max(120, canvas.clientWidth), height: canvas.clientHeight, legend: { show: false }, padding: [8, 16, 0, 0],
    cursor: { y: false, drag: { x: true, y: false, setScale: false }, sync: { key: crosshair.key }, points: { size: 6 } },
    scales: {
      x: { time: true, range: () => [view.from, view.to] },
      y: { range: () => [0, top * 1.12] },
    },
    axes: [
      {
        ...line, size: 20, space: 60, grid: { show: false }, incrs: steps,
        values: (_, splits) => splits.map(at => isLong() ? dayText(at * 1000) : clockText(at * 1000).slice(0, 5)),
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
    hooks: { setCursor: [self => legendAt(self.cursor.idx)], draw: [markClipped], setSelect: [zoom] },
  });

  const resize = new ResizeObserver(() => {
    if (plot && canvas.clientWidth) plot.setSize({ width: canvas.clientWidth, height: canvas.clientHeight });
  });

  return {
    node,
    /** @param latestView {from, to} in seconds, `text` of the range, `step` of a point. */
    draw(latestPoints, latestView) {
      const hasMoved = latestView.text !== view.text;
      points = latestPoints;
      view = latestView;
      top = Math.max(minimum, axisTop(series.flatMap(one => points.map(point => point[one.name]))));
      if (!plot) {
        make();
        resize.observe(canvas);
      } else {
        plot.setData(data());
      }
      legendAt(plot.cursor.idx);
      // Screen readers would read a changing label every second.
      if (!hasMoved && Date.now() - described < 15000) return;
      described = Date.now();
      canvas.setAttribute('aria-label', description(title, series, points, view.text));
    },
    recolour: () => plot && make(),
    dispose() {
      resize.disconnect();
      plot?.destroy();
    },
  };
}
