export const api = '/v1/events-gateway';

/** What went wrong in words for a person; status 0: no answer at all. */
export class ApiFault extends Error {
  constructor(status, message, retryAfter = null) {
    super(message);
    this.status = status;
    this.retryAfter = retryAfter;
  }
}

export const session = new EventTarget();

export async function call(method, path, { body, signal } = {}) {
  const answer = await fetchIt(method, path, body, signal);
  const text = answer.status === 204 ? '' : await answer.text();
  if (answer.ok) return text ? JSON.parse(text) : null;
  if (answer.status === 401 && path !== '/console/session') session.dispatchEvent(new Event('ended'));
  throw new ApiFault(answer.status, messageOf(answer.status, text), Number(answer.headers.get('retry-after')) || null);
}

async function fetchIt(method, path, body, signal) {
  const headers = { 'X-Gateway-Console': '1', accept: 'application/json' };
  if (body !== undefined) headers['content-type'] = 'application/json';
  try {
    return await fetch(path, {
      method, headers, signal, credentials: 'same-origin', cache: 'no-store', redirect: 'error',
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch (fault) {
    if (fault.name === 'AbortError') throw fault;
    throw new ApiFault(0, 'The gateway does not answer.');
  }
}

function messageOf(status, text) {
  try {
    const problem = JSON.parse(text);
    const fields = Object.values(problem.errors ?? {}).flat();
    if (fields.length) return `${fields.join('; ')}.`;
    const said = [].concat(problem.message ?? problem.detail ?? problem.title ?? []).join('; ');
    if (said) return said.endsWith('.') ? said : `${said}.`;
  } catch { /* Not of the gateway: a proxy's page, say. */ }
  return `The gateway answered ${status}.`;
}

export const get = (path, signal) => call('GET', path, { signal });
export const post = (path, body) => call('POST', path, { body });

/** The given parameters as a query; what is empty is left out. */
export function query(parameters) {
  const given = Object.entries(parameters).filter(([, value]) => value != null && value !== '');
  return given.length ? `?${new URLSearchParams(given)}` : '';
}

// The escape of the gateway's keys: letters, digits and hyphens stay, every other byte is written _hh.
const escaped = text => [...new TextEncoder().encode(text)].map(byte => {
  const character = String.fromCharCode(byte);
  return /[A-Za-z0-9-]/.test(character) ? character : `_${byte.toString(16).padStart(2, '0')}`;
}).join('');

export const keyOf = (company, eventId) => `${escaped(company)}.${escaped(eventId)}`;
