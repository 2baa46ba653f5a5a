import { el, link, note, table } from '../app/dom.js';
import { count, number, sentence, typeText } from '../app/labels.js';
import { eventHash } from '../app/route.js';
import { secondsText, utcText } from '../app/time.js';
import { badge } from './icons.js';

const kinds = { mapped: 'good', handshake: 'good', skipped: 'neutral', unmapped: 'warn', rejected: 'bad' };
const texts = {
  mapped: 'Accepted and mapped.', handshake: 'A handshake: it is answered and not stored.',
  skipped: 'Accepted and skipped: no event.', unmapped: 'Accepted. What cannot be mapped is kept.', rejected: 'Rejected.',
};

const row = (title, value) => value == null || value === '' ? [] : [el('dt', {}, title), el('dd', {}, value)];
const code = text => text && el('code', {}, text);
const step = (title, ...rows) => [el('h3', {}, title), el('dl', { class: 'properties' }, rows)];

/** The steps of a tried request, in the order in which the gateway reads it. */
export const tryResult = tried => [
  note(kinds[tried.result] ?? 'neutral', el('b', { 'data-result': tried.result }, texts[tried.result] ?? tried.result),
    tried.rejection && ` ${sentence(tried.rejection)}`),
  ...step('Request', row('Source', `${tried.source}, ${tried.path}`),
    row('Handshake', tried.handshake
      ? `yes, answered ${tried.handshake.body == null ? '400: a value has other signs' : tried.handshake.status}` : 'no'),
    row('Answer', code(tried.handshake?.body))),
  ...step('Signature', ...signature(tried)),
  ...tried.timestamp ? step('Timestamp', ...timestamp(tried.timestamp)) : [],
  ...mapping(tried.mapping),
];

const signature = ({ signature: one, scheme, proof }) => [
  row('Scheme', `${scheme}, proof ${proof}`),
  row('Read from', `${one.from}, form ${one.parse}`),
  row('Sent', one.characters ? count(one.characters, 'character') : badge('bad', 'missing')),
  row('Signatures', one.signatures.length ? one.signatures.map(code) : null),
  Object.entries(one.pairs).map(([name, value]) => row(`Field ${name}`, code(value))),
  row('Missing in the content', one.missingContent && badge('bad', one.missingContent)),
  row('Signed content', one.content == null ? null : el('pre', { tabindex: 0, 'aria-label': 'Signed content' }, one.content)),
  row('Matches', one.secretId ? badge('good', `secret ${one.secretId}`) : badge('bad', one.failure)),
  Object.entries(one.expectedEnd).map(([id, end]) => row('Expected', [`with secret ${id} ends with `, code(end)])),
  row('Would match', one.wouldMatch.length
    ? el('ul', {}, one.wouldMatch.map(variant => el('li', {}, variantText(variant)))) : null),
];

/** The settings of Verify that a user has to write. */
const variantText = variant => [
  `secret ${variant.secretId}`, `Parse ${variant.parse}`, variant.prefix && `Prefix "${variant.prefix}"`,
  variant.field && `Field "${variant.field}"`, variant.encoding && `Encoding ${variant.encoding}`,
  variant.key && `Key ${variant.key}`, variant.content && `Content "${variant.content}"`,
].filter(Boolean).join(', ');

const timestamp = one => [
  row('Sent', one.value ?? badge('bad', 'missing')),
  row('Read as', one.at ? utcText(one.at) : badge('bad', 'no time of the configured format')),
  row('Age', one.ageSeconds == null ? null
    : `${one.ageSeconds < 0 ? 'in the future by ' : ''}${secondsText(Math.abs(one.ageSeconds))}, allowed are `
      + secondsText(one.toleranceSeconds)),
  row('Stale', !one.isStale ? 'no' : one.isRejected ? badge('bad', 'yes: rejected') : badge('warn', 'yes: counted only')),
];

const columns = [
  { title: 'Item', kind: 'number', cell: item => el('span', {}, number(item.index)) },
  { title: 'Key', cell: item => item.key ? item.known ? link(eventHash(item.key), item.key) : item.key : '–' },
  { title: 'In the store', kind: 'nowrap', cell: item => !item.key ? '–'
    : item.known == null ? 'unknown' : item.known ? badge('pending', 'yes: a duplicate') : 'no: a new event' },
  { title: 'Type', cell: item => item.type
    ? `${typeText(item.type)} (${item.typeText}${item.typeKnown ? '' : ', not in the table'})` : '–' },
  { title: 'Shipment', cell: item => item.shipmentId ?? '–' },
  { title: 'Merchant', cell: item => item.merchantId ?? '–' },
  { title: 'Occurred', cell: item => item.occurredAt ? utcText(item.occurredAt) : '–' },
  { title: 'Details', kind: 'full-width', cell: item => item.error
    ? badge('warn', item.error) : item.key ? code(item.details) ?? '–' : 'skipped by the type table' },
];

const mapping = ({ error, skipped, items, events }) => [
  el('h3', {}, 'Mapping'),
  el('p', {}, skipped ? 'Take leaves this request out.'
    : `${count(items, 'item')}${events.length < items ? `, the first ${events.length} are shown` : ''}.`),
  error && note('warn', error),
  events.length ? table('Mapped events', columns, events) : null,
].filter(Boolean);
