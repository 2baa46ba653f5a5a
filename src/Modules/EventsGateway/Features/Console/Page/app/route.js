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

/** Changes the parameters of the address without opening the view again. */
export function setQuery(parameters) {
  const path = currentRoute().path.map(encodeURIComponent).join('/');
  window.history.replaceState(null, '', hash(path, parameters));
}

export const go = (path, parameters) => { location.hash = hash(path, parameters); };

export const eventHash = key => hash(`events/${encodeURIComponent(key)}`);

export const sourceHash = name => hash(`sources/${encodeURIComponent(name)}`);
