import { query } from './api.js';

/** `#/events?status=failed` → {path: ['events'], query: {status: 'failed'}}. */
export function currentRoute() {
  const [path, parameters = ''] = location.hash.replace(/^#\/?/, '').split('?');
  return {
    path: path.split('/').filter(part => part).map(decoded),
    query: Object.fromEntries(new URLSearchParams(parameters)),
  };
}

function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export const hash = (path, parameters = {}) => `#/${path}${query(parameters)}`;

export const go = (path, parameters) => { location.hash = hash(path, parameters); };

export const eventHash = key => hash(`events/${encodeURIComponent(key)}`);

export const sourceHash = name => hash(`sources/${encodeURIComponent(name)}`);
