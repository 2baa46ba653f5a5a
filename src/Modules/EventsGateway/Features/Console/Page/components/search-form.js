import { api, get, keyOf, query } from '../app/api.js';
import { button, el, show } from '../app/dom.js';
import { fieldValue, filterOfFields, spans } from '../app/filters.js';
import { outcomeNames, outcomeText, statuses, types, typeText } from '../app/labels.js';
import { eventHash, go, hash } from '../app/route.js';

const wide = matchMedia('(min-width: 761px)');

/** Every filter of the operator API. The filters in use are in the address. On a phone the fields are collapsed. */
export function searchForm(given) {
  const choice = (name, title, values, text) => field(title, el('select', { name }, el('option', { value: '' }, 'any'),
    values.map(value => el('option', { value, selected: given[name] === value }, text(value)))));
  const text = (name, title, attributes = {}, kind = null) => field(title,
    el('input', {
      name, value: fieldValue(given, name), autocomplete: 'off', spellcheck: 'false', maxlength: 256, ...attributes,
    }), kind);
  const moment = (name, title) =>
    field(title, el('input', { name, type: 'datetime-local', step: 1, value: localOf(given[name]) }));
  const custom = [moment('from', 'Received from'), moment('to', 'Received before')];
  const isCustom = Boolean(given.from || given.to);
  const period = el('select', { name: 'last', onchange: () => showCustom(period.value === 'custom') },
    el('option', { value: '' }, 'any time'),
    Object.entries(spans).map(([value, [title]]) => el('option', { value, selected: given.last === value }, title)),
    el('option', { value: 'custom', selected: isCustom }, 'from … to …'));
  const showCustom = isShown => { for (const each of custom) show(each, isShown); };
  showCustom(isCustom);
  const begin = { placeholder: 'whole, or begin*' };

  const fields = el('form', { class: 'search', role: 'search', 'aria-label': 'Search events', onsubmit: submit },
    text('eventId', 'Event ID', begin, 'first'), choice('status', 'Status', statuses, status => status),
    choice('type', 'Type', types, typeText), choice('outcome', 'Outcome', outcomeNames, outcomeText),
    field('Received', period), ...custom,
    text('shipmentId', 'Shipment', begin), text('merchantId', 'Merchant'), text('shippingCompanyId', 'Shipping company'),
    text('source', 'Source'), text('requestId', 'Request ID'),
    text('traceId', 'Trace ID', { pattern: '[0-9a-fA-F]{32}', title: '32 hexadecimal digits' }), text('routeId', 'Route ID'),
    text('errorText', 'Error contains', { maxlength: 2000 }, 'wide'),
    given.lastError && text('lastError', 'Exact error', { maxlength: 2000 }, 'wide'),
    given.keyPrefix && text('keyPrefix', 'Key begins with', { maxlength: 2000 }, 'wide'),
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

/** Opens one event by any of its ids; the company is needed only if several use the same event ID. */
export function lookUpForm() {
  const company = el('input', { name: 'company', autocomplete: 'off', spellcheck: 'false', maxlength: 256 });
  const id = el('input', { name: 'key', autocomplete: 'off', spellcheck: 'false', required: true, maxlength: 2000,
    placeholder: 'event, key, request, trace, shipment, route' });
  return el('form', { class: 'lookup', 'aria-label': 'Look up an event', onsubmit: async submitted => {
    submitted.preventDefault();
    const [text, companyId] = [id.value.trim(), company.value.trim()];
    if (text) location.hash = companyId ? eventHash(keyOf(companyId, text)) : await hashOf(text);
  } },
  field('Any ID', id), field('Company, if known', company), el('button', { type: 'submit' }, 'Look up'));
}

const keyBegin = /^([A-Za-z0-9-]|_[0-9a-f]{2})+\.([A-Za-z0-9-]|_[0-9a-f]{2})*$/;

// An event ID may look like a key, and several companies may use the same ID. The cheapest search is first.
async function hashOf(text) {
  if (/^[\w-]+\.[\w-]+$/.test(text) && await get(`${api}/events/${text}`).catch(() => null)) return eventHash(text);
  for (const filter of [
    { eventId: text }, { requestId: text }, { shipmentId: text }, { eventIdPrefix: text },
    keyBegin.test(text) && { keyPrefix: text }, { shipmentIdPrefix: text },
    /^[0-9a-fA-F]{32}$/.test(text) && { traceId: text }, { routeId: text },
  ].filter(Boolean)) {
    const { items } = await get(`${api}/events${query({ ...filter, limit: 2 })}`).catch(() => ({ items: [] }));
    if (items.length) return items.length === 1 && filter.eventId ? eventHash(items[0].key) : hash('events', filter);
  }
  return hash('events', { eventId: text });
}

const field = (title, input, kind) => el('label', { class: kind }, title, input);

function submit(event) {
  event.preventDefault();
  const fields = [...new FormData(event.target)].map(([name, value]) => [name, value.trim()]);
  const given = Object.fromEntries(fields.filter(([, value]) => value));
  if (given.last === 'custom') delete given.last;
  else for (const name of ['from', 'to']) delete given[name];
  go('events', filterOfFields(given));
}

// The field has no time zone: it shows local time, the address has UTC.
function localOf(iso) {
  const date = new Date(iso ?? NaN);
  if (Number.isNaN(+date)) return null;
  return new Date(date - date.getTimezoneOffset() * 60000).toISOString().slice(0, 19);
}
