import { query } from './api.js';

/** `#/events?status=failed` → {path: ['events'], query: {status: 'failed'}}. */
export function current() {
  const [path, parameters = ''] = location.hash.replace(/^#\/?/, '').split('?');
  return {
    path: path.split('/').filter(part => part).map(plain),
    query: Object.fromEntries(new URLSearchParams(parameters)),
  };
}

function plain(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export const hash = (path, parameters = {}) => `#/${path}${query(parameters)}`;

export const go = (path, parameters) => { location.hash = hash(path, parameters); };

export const eventHash = key => hash(`events/${encodeURIComponent(key)}`);
