import { keyOf } from '../app/api.js';
import { button, el } from '../app/dom.js';
import { eventHash, go } from '../app/route.js';
import { outcomeNames, outcomeText, statuses, types, typeText } from '../app/words.js';

export const filterNames = ['status', 'type', 'shipmentId', 'merchantId', 'shippingCompanyId', 'from', 'to', 'outcome', 'lastError'];

/** Every filter of the operator API; what is searched for stands in the address. */
export function searchForm(given) {
  const choice = (name, title, values, text) => field(title, el('select', { name }, el('option', { value: '' }, 'any'),
    values.map(value => el('option', { value, selected: given[name] === value }, text(value)))));
  const words = (name, title, attributes = {}, kind = null) => field(title, el('input', { name, value: given[name], autocomplete: 'off', spellcheck: 'false', maxlength: 256, ...attributes }), kind);
  const moment = (name, title) => field(title, el('input', { name, type: 'datetime-local', step: 1, value: localOf(given[name]) }));

  return el('form', { class: 'search card', role: 'search', 'aria-label': 'Search events', onsubmit: submit },
    choice('status', 'Status', statuses, status => status),
    choice('type', 'Type', types, typeText),
    choice('outcome', 'Outcome', outcomeNames, outcomeText),
    words('shipmentId', 'Shipment'), words('merchantId', 'Merchant'), words('shippingCompanyId', 'Courier'),
    moment('from', 'Received from'), moment('to', 'Received before'), words('lastError', 'Error, exactly', { maxlength: 2000 }, 'wide'),
    el('div', { class: 'buttons' }, el('button', { type: 'submit', class: 'primary' }, 'Search'), button('Clear', () => go('events'))));
}

/** Leads straight to one event: by its key, or by courier and event id. */
export function lookUpForm() {
  const company = el('input', { name: 'company', autocomplete: 'off', spellcheck: 'false', maxlength: 256 });
  const id = el('input', { name: 'key', autocomplete: 'off', spellcheck: 'false', required: true, maxlength: 2000 });
  return el('form', { class: 'look-up', 'aria-label': 'Look up one event', onsubmit: submitted => {
    submitted.preventDefault();
    const text = id.value.trim();
    location.hash = eventHash(company.value.trim() ? keyOf(company.value.trim(), text) : text);
  } },
  field('Key or event id', id), field('of courier', company), el('button', { type: 'submit' }, 'Look up'));
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
