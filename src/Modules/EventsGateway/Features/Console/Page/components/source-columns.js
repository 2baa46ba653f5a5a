import { el, link } from '../app/dom.js';
import { number, rejectedOf } from '../app/labels.js';
import { hash, sourceHash } from '../app/route.js';
import { age } from '../app/time.js';
import { badge } from './icons.js';
import { sparkline } from './sparkline.js';

const proofKinds = { signed: 'good', 'identity only': 'warn', none: 'bad' };

/** What a valid request proves, as the gateway calls it. */
export const proofBadge = proof => badge(proofKinds[proof] ?? 'neutral', proof);

export const unmappedHash = name => hash('events', { outcome: 'unmapped', source: name });

export const sourceColumns = [
  { title: 'Source', kind: 'source', cell: source => link(sourceHash(source.name), source.name) },
  { title: 'Preset', kind: 'nowrap', cell: source => source.preset },
  { title: 'Proof', kind: 'nowrap', cell: source => proofBadge(source.proof) },
  { title: 'Last request', kind: 'nowrap', cell: source => age(source.lastRequestAt) },
  { title: 'Accepted', kind: 'number', cell: source => el('span', {}, number(source.accepted)) },
  { title: 'Duplicates', kind: 'number', cell: source => el('span', {}, number(source.duplicates)) },
  { title: 'Rejected', kind: 'number', cell: source => el('span', {}, number(rejectedOf(source))) },
  { title: 'Unmapped', kind: 'number', cell: source => source.unmapped
    ? link(unmappedHash(source.name), number(source.unmapped)) : el('span', {}, '0') },
  { title: 'Last hour', cell: sparkline },
  { title: 'Findings', kind: 'full-width', cell: source => source.findings.length
    ? source.findings.map(finding => el('div', { class: 'is-warn' }, finding)) : el('span', { class: 'muted' }, 'none') },
];
