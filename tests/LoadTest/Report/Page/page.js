'use strict';
const report = JSON.parse(document.getElementById('report').textContent);
const page = document.getElementById('page');
const colour = name => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
const number = (value, digits = 0) =>
  value == null ? '–' : value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
const milliseconds = value => value == null ? '–' : number(value, value < 10 ? 2 : value < 100 ? 1 : 0);
const percent = (value, digits = 1) => value == null ? '–' : `${number(value * 100, digits)} %`;
const megabytes = bytes => bytes / 1048576;
const hasRounds = report.rounds.length > 1;
const spread = (value, show) => value == null ? '–'
  : hasRounds ? `${show(value.min)} / ${show(value.median)} / ${show(value.max)}` : show(value.median);

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children.filter(child => child != null));
  return made;
}
const card = (title, kind, ...content) =>
  element('section', { class: `card ${kind}` }, title && element('h2', {}, title), ...content);
const row = (cells, tag = 'td') =>
  element('tr', {}, ...cells.map(cell => cell instanceof Node ? cell : element(tag, {}, String(cell))));
const table = (head, rows) => element('table', {},
  head && element('thead', {}, row(head, 'th')),
  element('tbody', {}, ...rows.map(cells => row(cells))));
const tile = (label, value, unit, below) => element('div', { class: 'card tile' },
  element('span', {}, label), element('b', {}, value, element('small', {}, unit)), element('span', {}, below));

// The charts show the round with the median rate.
const rounds = [...report.rounds].sort((a, b) => a.gateway.rate - b.gateway.rate);
const shown = rounds[Math.floor((rounds.length - 1) / 2)];

function header() {
  const scenario = report.options.scenario;
  const startedAt = new Date(report.beganAt).toLocaleString('en', { dateStyle: 'medium', timeStyle: 'short' });
  page.append(
    element('header', {},
      element('h1', {}, scenario ? `Load: ${scenario}` : 'Load report'),
      element('span', { class: `pill ${report.passed ? 'good' : 'bad'}` }, report.passed ? '✓ passed' : '✗ failed'),
      element('span', { class: 'soft' }, `${report.options.gateway} · ${startedAt}`)),
    ...report.budgets.filter(one => !one.isKept).map(one =>
      element('p', { class: 'note bad' }, `${one.budget} ${one.limit} is broken: ${one.measured}`)),
    ...report.faults.map(text => element('p', { class: 'note bad' }, text)),
    ...report.warnings.map(text => element('p', { class: 'note warn' }, text)));
}

function tiles(grid) {
  const median = name => report.gateway[name]?.median;
  const range = (value, show) => `${show(value.min)} – ${show(value.max)} over ${report.rounds.length} rounds`;
  const over = name => hasRounds && report.gateway[name] ? range(report.gateway[name], milliseconds) : '';
  const statuses = Object.entries(shown.gateway.byStatus).map(([name, count]) => `${name}: ${number(count)}`).join(', ');
  const rate = report.gateway.rate;
  grid.append(
    tile('Accepted', number(median('rate')), '/s', hasRounds ? range(rate, number) : statuses),
    tile('Median latency', milliseconds(median('p50')), 'ms', over('p50')),
    tile('99th percentile', milliseconds(median('p99')), 'ms', over('p99')));
  const settled = shown.account?.settledRate;
  const wall = median('wallSeconds');
  if (settled) grid.append(tile('Worker', number(settled.middle), 'settled/s', 'between 10 % and 90 % of the events'));
  else grid.append(tile('Wall time', number(wall, wall < 10 ? 3 : 1), 's', 'first request to last response'));
}

function comparison(grid) {
  const compared = report.comparison;
  if (!compared) return;
  const targets = Object.entries(compared.targets);
  const maximum = Math.max(...targets.map(([, one]) => one.rate?.max ?? 0));
  const bars = element('div', { class: 'bars' });
  for (const [name, one] of targets) {
    const part = value => `${value / maximum * 100}%`;
    const track = element('div', { class: `track ${one === targets.at(-1)[1] ? 'own' : ''}` },
      element('div', { class: 'bar', style: `width:${part(one.rate.median)}` }));
    const rangeStyle = `left:${part(one.rate.min)};width:${part(one.rate.max - one.rate.min)}`;
    if (hasRounds) track.append(element('div', { class: 'range', style: rangeStyle }));
    bars.append(element('span', {}, name), track, element('span', {}, `${number(one.rate.median)}/s`));
  }
  const ratio = (value, label) => value && element('div', {}, element('b', {}, `${number(value.median, 2)}×`),
    element('span', { class: 'soft' }, label + (hasRounds ? `, ${number(value.min, 2)} – ${number(value.max, 2)}` : '')));
  grid.append(card(hasRounds ? `${compared.title}, ${report.rounds.length} rounds in turn` : compared.title, '',
    element('div', { class: 'ratio' },
      ratio(compared.ratioPublish, 'of one publish per request'),
      ratio(compared.ratioCeiling, 'of the ceiling'),
      ratio(compared.ratioOther, 'of the other target')),
    bars,
    table([hasRounds ? 'min / median / max' : '', 'accepted per second', 'p50, ms', 'p99, ms', 'wall, s'],
      targets.map(([name, one]) => [
        name, spread(one.rate, number), spread(one.p50, milliseconds), spread(one.p99, milliseconds),
        spread(one.wallSeconds, value => number(value, 3))]))));
}

function chart(grid, title, kind, labels, data, options = {}) {
  const holder = card(title, kind);
  grid.append(holder);
  const style = getComputedStyle(holder);
  const innerWidth = () => holder.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
  const text = (value, show = number) => value == null ? '–' : show(value);
  // Without a cursor the legend shows the median.
  const median = values => {
    const sorted = values.filter(value => value != null).sort((a, b) => a - b);
    return sorted[Math.floor((sorted.length - 1) / 2)];
  };
  const legend = (show, series, value, index) =>
    index == null ? (options.rest ?? `median ${text(median(data[series]), show)}`) : text(value, show);
  const line = { stroke: colour('line'), width: 1 };
  const axis = { stroke: colour('soft'), grid: line, ticks: line };
  const plot = new uPlot({
    width: innerWidth(), height: 220, legend: { live: true }, cursor: { y: false },
    scales: {
      x: { time: false, ...options.x },
      y: { range: (_, low, high) => [Math.min(0, low), high * 1.08 || 1], ...options.y },
    },
    axes: [{ ...axis, ...options.xAxis }, { ...axis, size: 62, ...options.yAxis }],
    series: [
      {
        label: options.xLabel ?? 's',
        value: options.xValue ?? ((_, value) => text(value, seconds => number(seconds, 2))),
      },
      ...labels.map(([label, name, show]) => ({
        label, stroke: colour(name), width: 2, points: { show: data[0].length < 3 }, spanGaps: true,
        fill: labels.length === 1 ? `${colour(name)}22` : undefined,
        value: (_, value, series, index) => legend(show, series, value, index),
      })),
    ],
  }, data, holder);
  addEventListener('resize', () => plot.setSize({ width: innerWidth(), height: 220 }));
}

function latencyCurves(grid) {
  const results = [
    ['gateway', shown.gateway, 'accent'],
    ['one publish per request', shown.publish, 'second'],
    ['ceiling', shown.ceiling, 'soft'],
  ].filter(([, result]) => result?.curve.length);
  if (!results.length) return;
  // The scale counts nines, so that 90, 99 and 99.9 are equally far apart.
  const nines = percentile => -Math.log10(1 - percentile / 100);
  const at = [...new Set(results.flatMap(([, result]) => result.curve.map(([percentile]) => percentile)))].sort((a, b) => a - b);
  const of = curve => {
    const latencies = new Map(curve);
    return at.map(one => latencies.get(one) ?? null);
  };
  const text = (value, digits) => (100 * (1 - 10 ** -value)).toFixed(digits);
  chart(grid, 'Latency by percentile, ms', 'half', results.map(([name, , shade]) => [name, shade, milliseconds]),
    [at.map(nines), ...results.map(([, result]) => of(result.curve))],
    {
      rest: '',
      xLabel: 'percentile',
      xValue: (_, value) => value == null ? '–' : `${text(value, Math.max(1, Math.ceil(value)))} %`,
      xAxis: {
        splits: (_, __, low, high) => [0.30103, 1, 2, 3, 4, 5].filter(one => one >= low && one <= high),
        values: (_, splits) => splits.map(value => `${+text(value, Math.max(0, Math.ceil(value) - 1))} %`),
      },
    });
}

function overTime(grid) {
  const samples = shown.gateway.samples;
  if (samples.length < 4) return;
  const at = samples.map(one => one.at);
  const of = pick => samples.map(pick);
  chart(grid, 'Latency over time, ms', 'half', [['p99', 'second', milliseconds], ['p50', 'accent', milliseconds]],
    [at, of(one => one.p99), of(one => one.p50)]);
  chart(grid, 'Accepted per second', 'half', [['202', 'accent']], [at, of(one => one.rate)]);
  const statuses = [...new Set(samples.flatMap(one => Object.keys(one.rateByStatus)))].sort();
  const names = { 1: 'timed out', 2: 'connection lost', 3: 'invalid response', 4: 'connect failed' };
  const shade = status => status === '202' ? 'good' : status === '503' ? 'warn' : status < 100 ? 'third' : 'bad';
  if (statuses.length > 1) {
    chart(grid, 'Responses per second by status', 'half', statuses.map(one => [names[one] ?? one, shade(one)]),
      [at, ...statuses.map(status => of(one => one.rateByStatus[status] ?? 0))]);
  }
  if (samples.some(one => one.serverRss != null)) {
    const cores = value => number(value, 2);
    chart(grid, 'Memory of the gateway, MB', 'half', [['resident', 'accent']],
      [at, of(one => one.serverRss == null ? null : megabytes(one.serverRss))]);
    chart(grid, 'CPU, cores', 'half', [['gateway', 'accent', cores], ['load tool', 'soft', cores]],
      [at, of(one => one.serverCpu), of(one => one.clientCpu)]);
  }
}

function accounts(grid) {
  for (const round of report.rounds) {
    const account = round.account;
    if (!account) continue;
    const title = hasRounds ? `Accounting of round ${round.number}` : 'Accounting';
    const mark = right => right == null ? '' : element('td', { class: right ? 'good' : 'bad' }, right ? '✓' : '✗');
    const lines = account.lines.map(line => [line.what, number(line.count), mark(line.isRight)]);
    grid.append(card(title, 'half', table(['', 'events', ''], lines)));
    if (account.moments.length <= 3) continue;
    chart(grid, 'Settled events after the load', 'half', [['settled', 'good']],
      [account.moments.map(one => one.at), account.moments.map(one => one.settled)]);
  }
}

function figures(grid) {
  const latency = ['p50', 'p90', 'p95', 'p99', 'p99.9', 'max'];
  const all = report.rounds.map(round => round.gateway);
  const line = (name, show) => [name, ...all.map(show)];
  const statuses = [...new Set(all.flatMap(one => Object.keys(one.byStatus)))];
  const rows = [
    line('accepted per second', one => number(one.rate)),
    ...latency.map(name => line(`${name}, ms`, one => milliseconds(one.latency[name]))),
    line('wall time, s', one => number(one.wallSeconds, 3)),
    line('requests sent', one => number(one.counts.sent)),
    ...statuses.map(status => line(status, one => number(one.byStatus[status] ?? 0))),
    line('duplicates sent', one => number(one.counts.repeats)),
    line('Idempotent-Replayed responses', one => number(one.counts.replayed)),
    line('reconnects', one => number(one.counts.reconnects)),
    line('unknown share', one => percent(one.unknownShare, 2)),
    line('client CPU, cores', one => number(one.clientCores, 2)),
  ];
  if (all.some(one => one.offeredRate)) rows.push(line('offered per second', one => number(one.offeredRate)));
  if (all.some(one => one.topRate)) rows.push(line('top rate, measured first', one => number(one.topRate)));
  if (all.some(one => one.highestRss)) rows.push(line('highest memory, MB', one => number(megabytes(one.highestRss))));
  if (all.some(one => one.memory)) rows.push(line('memory growth', one => percent(one.memory?.growth)));
  const head = hasRounds ? ['', ...report.rounds.map(round => `round ${round.number}`)] : null;
  grid.append(card('The gateway', 'half', table(head, rows)));
}

function facts(grid) {
  if (report.budgets.length) {
    grid.append(card('Budgets', 'half', table(['', 'limit', 'measured', ''], report.budgets.map(one =>
      [one.budget, one.limit, one.measured,
        element('td', { class: one.isKept ? 'good' : 'bad' }, one.isKept ? '✓ kept' : '✗ broken')]))));
  }
  const { machine, baseline } = report;
  const text = value => element('td', { class: 'text' }, value);
  grid.append(card('Run and machine', 'half', table(null, [
    ['load tool', text(report.version)],
    ['gateway version', text(report.gatewayVersion ?? 'unknown')],
    ...baseline ? [['baseline', text(`${baseline.file}, ${baseline.version}: ratio ${number(baseline.ratio, 2)}`)]] : [],
    ...Object.entries(report.options).map(([name, value]) => [name, text(value)]),
    ['machine', text(`${machine.cores} cores, ${machine.processor}, ${number(machine.memoryBytes / 2 ** 30, 0)} GB`)],
    ['system', text(`${machine.os}, ${machine.runtime}`)],
  ])));
}

function draw() {
  page.replaceChildren();
  header();
  if (!shown) return;
  const grid = element('div', { class: 'grid' });
  page.append(grid);
  tiles(grid);
  comparison(grid);
  latencyCurves(grid);
  overTime(grid);
  figures(grid);
  accounts(grid);
  facts(grid);
}

draw();
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
