export const api = '/v1/events-gateway';

/** A failed call, with a message for the user. Status 0: no response. */
export class ApiError extends Error {
  constructor(status, message, retryAfter = null) {
    super(message);
    this.status = status;
    this.retryAfter = retryAfter;
  }
}

export const session = new EventTarget();

const roles = ['read', 'operate', 'admin'];
let ownRole = 'admin';

export const setRole = role => { ownRole = role ?? 'admin'; };

/** Whether the operator's role includes this one: what it does not allow is not shown. */
export const may = role => roles.indexOf(ownRole) >= roles.indexOf(role);

export async function call(method, path, { body, signal } = {}) {
  const response = await send(method, path, body, signal);
  const text = response.status === 204 ? '' : await response.text();
  if (response.ok) return text ? JSON.parse(text) : null;
  if (response.status === 401 && path !== '/console/session') session.dispatchEvent(new Event('ended'));
  throw new ApiError(response.status, messageOf(response.status, text), Number(response.headers.get('retry-after')) || null);
}

async function send(method, path, body, signal) {
  const headers = { 'X-Gateway-Console': '1', accept: 'application/json' };
  if (body !== undefined) headers['content-type'] = 'application/json';
  try {
    return await fetch(path, {
      method, headers, signal, credentials: 'same-origin', cache: 'no-store', redirect: 'error',
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch (fault) {
    if (fault.name === 'AbortError') throw fault;
    throw new ApiError(0, 'The gateway does not answer.');
  }
}

function messageOf(status, text) {
  try {
    const problem = JSON.parse(text);
    const fields = Object.values(problem.errors ?? {}).flat();
    if (fields.length) return `${fields.join('; ')}.`;
    // For operators it says what does not answer.
    if (status === 503 && problem.detail) return `${problem.title ?? 'Unavailable'}: ${problem.detail}.`;
    const message = [].concat(problem.message ?? problem.detail ?? problem.title ?? []).join('; ');
    if (message) return message.endsWith('.') ? message : `${message}.`;
  } catch { /* Not JSON: the error page of a proxy, for example. */ }
  return `The gateway answered ${status}.`;
}

export const get = (path, signal) => call('GET', path, { signal });
export const post = (path, body) => call('POST', path, { body });

/** A query string; empty parameters are omitted. */
export function query(parameters) {
  const given = Object.entries(parameters).filter(([, value]) => value != null && value !== '');
  return given.length ? `?${new URLSearchParams(given)}` : '';
}

// As EventKey of the gateway escapes: letters, digits and hyphens stay, every other UTF-8 byte becomes _hh.
const escaped = text => [...new TextEncoder().encode(text)].map(byte => {
  const character = String.fromCharCode(byte);
  return /[A-Za-z0-9-]/.test(character) ? character : `_${byte.toString(16).padStart(2, '0')}`;
}).join('');

export const keyOf = (company, eventId) => `${escaped(company)}.${escaped(eventId)}`;
