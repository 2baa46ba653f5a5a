import { api, get, keyOf, query } from '../app/api.js';
import { button, el } from '../app/dom.js';
import { eventHash, go, hash } from '../app/route.js';
import { outcomeNames, outcomeText, statuses, types, typeText } from '../app/words.js';

export const filterNames = ['status', 'type', 'eventId', 'shipmentId', 'merchantId', 'shippingCompanyId', 'from', 'to', 'outcome', 'lastError'];

const wide = matchMedia('(min-width: 761px)');

/**
 * Every filter of the operator API; what is searched for stands in the address. On a phone the fields are folded away
 * until they are wanted, so that the first thing one sees is events.
 */
export function searchForm(given) {
  const choice = (name, title, values, text) => field(title, el('select', { name }, el('option', { value: '' }, 'any'),
    values.map(value => el('option', { value, selected: given[name] === value }, text(value)))));
  const words = (name, title, attributes = {}, kind = null) => field(title, el('input', { name, value: given[name], autocomplete: 'off', spellcheck: 'false', maxlength: 256, ...attributes }), kind);
  const moment = (name, title) => field(title, el('input', { name, type: 'datetime-local', step: 1, value: localOf(given[name]) }));

  const fields = el('form', { class: 'search', role: 'search', 'aria-label': 'Search events', onsubmit: submit },
    words('eventId', 'Event id', {}, 'first'), choice('status', 'Status', statuses, status => status),
    choice('type', 'Type', types, typeText),
    choice('outcome', 'Outcome', outcomeNames, outcomeText),
    words('shipmentId', 'Shipment'), words('merchantId', 'Merchant'), words('shippingCompanyId', 'Courier'),
    moment('from', 'Received from'), moment('to', 'Received before'), words('lastError', 'Error, exactly', { maxlength: 2000 }, 'wide'),
    el('div', { class: 'buttons' }, el('button', { type: 'submit', class: 'primary' }, 'Search'), button('Clear', () => go('events'))));
  const amount = Object.keys(given).length;
  const node = el('details', { class: 'card filters' }, el('summary', {}, el('b', {}, 'Filters'), el('span', { class: 'soft' }, amount ? `${amount} in use` : 'none')), el('div', { class: 'inside' }, fields));
  node.open = wide.matches;
  wide.addEventListener('change', function unfold() {
    if (!node.isConnected) wide.removeEventListener('change', unfold);
    else if (wide.matches) node.open = true;
  });
  return node;
}

/** Leads to one event by its key, or by its id; the courier is wanted only where several use the same id. */
export function lookUpForm() {
  const company = el('input', { name: 'company', autocomplete: 'off', spellcheck: 'false', maxlength: 256 });
  const id = el('input', { name: 'key', autocomplete: 'off', spellcheck: 'false', required: true, maxlength: 2000 });
  return el('form', { class: 'look-up', 'aria-label': 'Look up one event', onsubmit: async submitted => {
    submitted.preventDefault();
    const [text, courier] = [id.value.trim(), company.value.trim()];
    if (text) location.hash = courier ? eventHash(keyOf(courier, text)) : await placeOf(text);
  } },
  field('Event id or key', id), field('Courier, if known', company), el('button', { type: 'submit' }, 'Look up'));
}

// An id may look like a key, and couriers may use the same id.
async function placeOf(text) {
  if (/^[\w-]+\.[\w-]+$/.test(text) && await get(`${api}/events/${text}`).catch(() => null)) return eventHash(text);
  const { items } = await get(`${api}/events${query({ eventId: text, limit: 2 })}`).catch(() => ({ items: [] }));
  return items.length === 1 && items[0].eventId === text ? eventHash(items[0].key) : hash('events', { eventId: text });
}

const field = (title, input, kind) => el('label', { class: kind }, title, input);

function submit(event) {
  event.preventDefault();
  const form = new FormData(event.target);
  const asked = Object.fromEntries([...form].map(([name, value]) => [name, value.trim()]).filter(([, value]) => value));
  for (const name of ['from', 'to']) if (asked[name]) asked[name] = new Date(asked[name]).toISOString();
  go('events', asked);
}

// The field knows no zone: it shows the reader's, the address keeps UTC.
function localOf(iso) {
  const date = new Date(iso ?? NaN);
  if (Number.isNaN(+date)) return null;
  return new Date(date - date.getTimezoneOffset() * 60000).toISOString().slice(0, 19);
}
