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

/** The upper end of the axis: the highest value, or the 99th percentile where a few values are much higher. */
export function axisTop(values) {
  const sorted = values.filter(value => value != null).sort((a, b) => a - b);
  const highest = sorted.at(-1) ?? 0;
  const most = sorted[Math.ceil(sorted.length * 0.99) - 1] ?? 0;
  return most > 0 && highest > 2 * most ? most : highest;
}

/** For screen readers. */
export function description(title, series, points, range) {
  const parts = series.map(one => {
    const values = points.map(point => point[one.name]).filter(value => value != null);
    return values.length ? `${one.label} ${one.format(values.at(-1))}, highest ${one.format(Math.max(...values))}`
      : `${one.label} no data`;
  });
  return `${title}, ${range}: ${parts.join('; ')}.`;
}
