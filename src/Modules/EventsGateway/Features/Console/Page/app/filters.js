import { now } from './time.js';

/** The names of filters in the address: those of the operator API, and `last` for a time that ends now. */
export const filterNames = [
  'status', 'type', 'keyPrefix', 'eventId', 'eventIdPrefix', 'requestId', 'traceId', 'routeId', 'shipmentId', 'shipmentIdPrefix',
  'merchantId', 'shippingCompanyId', 'source', 'last', 'from', 'to', 'outcome', 'lastError', 'errorText',
];

const minute = 60000;
export const spans = {
  '15m': ['last 15 minutes', 15 * minute], '1h': ['last hour', 60 * minute], '24h': ['last 24 hours', 1440 * minute],
  '7d': ['last 7 days', 7 * 1440 * minute],
};

export const filterOf = parameters =>
  Object.fromEntries(filterNames.filter(name => parameters[name]).map(name => [name, parameters[name]]));

/** The filter as the operator API reads it: `last` counts from now. */
export function apiFilter({ last, ...filter }) {
  return spans[last] ? { ...filter, from: new Date(now() - spans[last][1]).toISOString() } : filter;
}

// A field takes an exact id, or the beginning of one with a * behind it.
const prefixed = ['eventId', 'shipmentId'];

/** What a field of the form shows. */
export const fieldValue = (filter, name) =>
  filter[name] ?? (prefixed.includes(name) && filter[`${name}Prefix`] ? `${filter[`${name}Prefix`]}*` : undefined);

/** The filter that the fields of the form stand for. */
export function filterOfFields(fields) {
  const filter = filterOf(fields);
  for (const name of prefixed) {
    if (!filter[name]?.endsWith('*')) continue;
    if (filter[name].length > 1) filter[`${name}Prefix`] = filter[name].slice(0, -1);
    delete filter[name];
  }
  for (const name of ['from', 'to']) if (filter[name]) filter[name] = new Date(filter[name]).toISOString();
  return filter;
}
