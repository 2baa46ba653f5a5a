import { copyButton, el, link } from '../app/dom.js';
import { bytes, count, reasonText, sentence } from '../app/labels.js';
import { eventHash } from '../app/route.js';
import { age, time, utcText } from '../app/time.js';
import { isConflict, keyOfRejection } from './rejection-notice.js';

// A conflict links to the event that was accepted.
const eventOf = item => isConflict(item) && keyOfRejection(item)
  ? link(eventHash(keyOfRejection(item)), item.eventId) : item.eventId;

/** One rejected request, without secrets; closed unless it is the one that was asked for. */
export function rejection(item, isOpen) {
  const fields = Object.entries(item.fields ?? {});
  const row = (title, value) => value == null || value === '' ? [] : [el('dt', {}, title), el('dd', {}, value)];
  const summary = fields.length ? fields.flatMap(([, errors]) => errors).join('; ') : item.hint ?? item.message ?? '';
  return el('details', { class: 'card', 'data-reason': item.reason, open: isOpen },
    el('summary', {}, el('span', { class: 'status' }, item.status), time(item.at),
      el('span', { class: 'reason' }, el('b', {}, reasonText(item.reason)), el('span', { class: 'muted' }, ` ${summary}`)),
      el('span', { class: 'muted' }, item.shippingCompanyId ?? item.remoteAddress ?? ''),
      el('span', { class: 'muted' }, age(item.at))),
    el('div', { class: 'details-body' },
      item.hint && el('p', {}, sentence(item.hint)),
      el('dl', { class: 'properties' },
        fields.map(([name, errors]) => row(name, errors.join('; '))),
        row('Response', `${item.status}: ${item.message}`), row('Source', item.source), row('Answered by', item.host),
        row('Shipping company', item.shippingCompanyId),
        row('Event ID', eventOf(item)), row('Request ID', item.requestId),
        row('Remote address', item.remoteAddress), row('Content type', item.contentType),
        row('Body', item.bodyBytes == null ? null : bytes(item.bodyBytes)),
        row('SHA-256 of the body', item.bodySha256 && el('code', {}, item.bodySha256)),
        row('Names of the headers', item.headerNames?.join(', '))),
      el('div', { class: 'buttons' }, copyButton(() => explanation(item), 'explanation for the sender', 'Copy explanation'))));
}

// A conflict that is found behind ingest has no request any more.
const origin = ({ headerNames, remoteAddress, contentType }) =>
  headerNames ? [`from ${remoteAddress ?? 'an unknown address'}`, `content type ${contentType ?? 'not given'}`] : [];

/** An answer for the sender, to be copied by support. */
function explanation(item) {
  const fields = Object.entries(item.fields ?? {}).map(([name, errors]) => `  ${name}: ${errors.join('; ')}`);
  const event = item.eventId ? ` for event ${item.eventId}` : '';
  return [
    `Your webhook of ${utcText(item.at)}${event} was answered ${item.status} (${item.message}).`, '',
    `${reasonText(item.reason)}. ${sentence(item.hint)}`,
    ...fields.length ? ['Fields:', ...fields] : [], '',
    'Received:',
    `  ${[...origin(item), count(item.bodyBytes ?? 0, 'byte')].join(', ')}`,
    ...item.bodySha256 ? [`  SHA-256 of the body: ${item.bodySha256}`] : [],
    ...item.headerNames?.length ? [`  headers: ${item.headerNames.join(', ')}`] : [],
    '', 'This request was not stored as an event.',
  ].join('\n');
}
