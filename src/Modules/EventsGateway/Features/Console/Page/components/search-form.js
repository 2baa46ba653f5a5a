import { api, get, keyOf, query } from '../app/api.js';
import { button, el } from '../app/dom.js';
import { outcomeNames, outcomeText, statuses, types, typeText } from '../app/labels.js';
import { eventHash, go, hash } from '../app/route.js';

export const filterNames = [
  'status', 'type', 'eventId', 'requestId', 'shipmentId', 'merchantId', 'shippingCompanyId', 'source', 'from', 'to', 'outcome',
  'lastError',
];

const wide = matchMedia('(min-width: 761px)');

/** Every filter of the operator API. The filters in use are in the address. On a phone the fields are collapsed. */
export function searchForm(given) {
  const choice = (name, title, values, text) => field(title, el('select', { name }, el('option', { value: '' }, 'any'),
    values.map(value => el('option', { value, selected: given[name] === value }, text(value)))));
  const text = (name, title, attributes = {}, kind = null) => field(title,
    el('input', { name, value: given[name], autocomplete: 'off', spellcheck: 'false', maxlength: 256, ...attributes }), kind);
  const moment = (name, title) =>
    field(title, el('input', { name, type: 'datetime-local', step: 1, value: localOf(given[name]) }));

  const fields = el('form', { class: 'search', role: 'search', 'aria-label': 'Search events', onsubmit: submit },
    text('eventId', 'Event ID', {}, 'first'), choice('status', 'Status', statuses, status => status),
    choice('type', 'Type', types, typeText), choice('outcome', 'Outcome', outcomeNames, outcomeText),
    text('shipmentId', 'Shipment'), text('merchantId', 'Merchant'), text('shippingCompanyId', 'Shipping company'),
    text('source', 'Source'), moment('from', 'Received from'), moment('to', 'Received before'),
    text('requestId', 'Request ID'), text('lastError', 'Exact error', { maxlength: 2000 }, 'wide'),
    el('div', { class: 'buttons' },
      el('button', { type: 'submit', class: 'primary' }, 'Search'), button('Clear', () => go('events'))));
  const amount = Object.keys(given).length;
  const node = el('details', { class: 'card filters' },
    el('summary', {}, el('b', {}, 'Filters'), el('span', { class: 'muted' }, amount ? `${amount} in use` : 'none')),
    el('div', { class: 'details-body' }, fields));
  node.open = wide.matches;
  wide.addEventListener('change', function expand() {
    if (!node.isConnected) wide.removeEventListener('change', expand);
    else if (wide.matches) node.open = true;
  });
  return node;
}

/** Opens one event by its key, or by its event ID; the company is needed only if several use the same ID. */
export function lookUpForm() {
  const company = el('input', { name: 'company', autocomplete: 'off', spellcheck: 'false', maxlength: 256 });
  const id = el('input', { name: 'key', autocomplete: 'off', spellcheck: 'false', required: true, maxlength: 2000 });
  return el('form', { class: 'lookup', 'aria-label': 'Look up an event', onsubmit: async submitted => {
    submitted.preventDefault();
    const [text, companyId] = [id.value.trim(), company.value.trim()];
    if (text) location.hash = companyId ? eventHash(keyOf(companyId, text)) : await hashOf(text);
  } },
  field('Event ID or key', id), field('Company, if known', company), el('button', { type: 'submit' }, 'Look up'));
}

// An event ID may look like a key, and several companies may use the same ID.
async function hashOf(text) {
  if (/^[\w-]+\.[\w-]+$/.test(text) && await get(`${api}/events/${text}`).catch(() => null)) return eventHash(text);
  const { items } = await get(`${api}/events${query({ eventId: text, limit: 2 })}`).catch(() => ({ items: [] }));
  return items.length === 1 && items[0].eventId === text ? eventHash(items[0].key) : hash('events', { eventId: text });
}

const field = (title, input, kind) => el('label', { class: kind }, title, input);

function submit(event) {
  event.preventDefault();
  const form = new FormData(event.target);
  const filter = Object.fromEntries([...form].map(([name, value]) => [name, value.trim()]).filter(([, value]) => value));
  for (const name of ['from', 'to']) if (filter[name]) filter[name] = new Date(filter[name]).toISOString();
  go('events', filter);
}

// The field has no time zone: it shows local time, the address has UTC.
function localOf(iso) {
  const date = new Date(iso ?? NaN);
  if (Number.isNaN(+date)) return null;
  return new Date(date - date.getTimezoneOffset() * 60000).toISOString().slice(0, 19);
}
