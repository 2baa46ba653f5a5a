import { card, el, link, table } from '../app/dom.js';
import { count, number, reasonText, rejectedOf } from '../app/labels.js';
import { eventHash } from '../app/route.js';
import { age, secondsText, time, timeAndAge } from '../app/time.js';
import { sparkline } from './sparkline.js';

const row = (title, value) => value == null ? [] : [el('dt', {}, title), el('dd', {}, value)];

export function activityCard(source) {
  const { failuresInARow: failures, disablesAfter: limit } = source;
  const reasons = Object.entries(source.rejected).map(([reason, amount]) => `${reasonText(reason)} ${number(amount)}`).join(', ');
  return card('Activity', {}, sparkline(source), el('dl', { class: 'properties' },
    row('Counted since', timeAndAge(source.since)), row('Last request', timeAndAge(source.lastRequestAt)),
    row('Accepted', number(source.accepted)), row('Duplicates', number(source.duplicates)),
    row('Conflicts', number(source.conflicts)), row('Skipped', number(source.skipped)),
    row('Unmapped', `${number(source.unmapped)} in ${count(source.unmappedRequests, 'request')}`),
    row('Rejected', reasons ? `${number(rejectedOf(source))}: ${reasons}` : '0'),
    row('Stale timestamps', number(source.stale)), row('Handshakes', number(source.handshakes)),
    row('Failures in a row', limit ? `${number(failures)}; the sender stops at ${number(limit)}` : number(failures)),
    row('Unusual silence', source.silenceAfterSeconds && secondsText(source.silenceAfterSeconds)),
    row('Sender gives up after', source.givesUpAfterSeconds && secondsText(source.givesUpAfterSeconds))));
}

const secretColumns = [
  { title: 'Secret', cell: secret => secret.id },
  { title: 'Requests', kind: 'number', cell: secret => el('span', {}, number(secret.requests)) },
  { title: 'Last used', kind: 'nowrap', cell: secret => secret.lastUsedAt ? age(secret.lastUsedAt) : 'not used' },
  { title: 'Expires', kind: 'nowrap', cell: secret => secret.expiresAt ? time(secret.expiresAt) : 'never' },
];

const flushCard = (title, ...content) => card(null, { class: 'flush', 'aria-label': title },
  el('div', { class: 'head' }, el('h2', {}, title)), ...content);

export const secretsCard = ({ secrets }) => flushCard('Secrets', secrets.length
  ? table('Secrets', secretColumns, secrets)
  : el('p', { class: 'empty' }, 'No secret was used in this process.'));

const typeColumns = [
  { title: 'Type', cell: ([type]) => type },
  { title: 'Events', kind: 'number', cell: ([, amount]) => el('span', {}, number(amount)) },
];

export const unknownTypesCard = ({ unknownTypes }) => Object.keys(unknownTypes).length > 0
  && flushCard('Unknown types',
    el('p', { class: 'note is-neutral' }, 'Not in Map.Types of the source: these events are SHIPMENT_UPDATED.'),
    table('Unknown types', typeColumns, Object.entries(unknownTypes)));

const containerColumns = [
  { title: 'Received', kind: 'nowrap', cell: container => timeAndAge(container.receivedAt) },
  { title: 'Request', cell: container => link(eventHash(container.key), container.eventId.slice(0, 40)) },
  { title: 'Missing', kind: 'full-width', cell: container => container.lastError ?? '–' },
];

export const containerTable = containers => table('Unmapped requests, newest first', containerColumns, containers);
