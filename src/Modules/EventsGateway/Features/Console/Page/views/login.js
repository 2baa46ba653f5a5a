import { call } from '../app/api.js';
import { el, setText } from '../app/dom.js';

export function login(isExpired, enter) {
  const fault = el('p', { class: 'error', role: 'alert' });
  const submit = el('button', { type: 'submit', class: 'primary' }, 'Log in');
  const key = el('input', {
    name: 'key', type: 'password', autocomplete: 'current-password', required: true, autofocus: true,
  });
  const form = el('form', { class: 'card login', onsubmit: send },
    el('h1', {}, 'Gateway console'),
    isExpired && el('p', { class: 'note is-warn' }, 'Your session has ended. Log in to continue.'),
    el('label', {}, 'Operator key', key, el('small', {}, 'Its name is recorded in the audit log.')),
    fault, submit);

  async function send(event) {
    event.preventDefault();
    setText(fault, '');
    submit.disabled = true;
    try {
      await call('POST', '/console/session', { body: { key: key.value } });
      await enter();
    } catch (problem) {
      setText(fault, messageOf(problem));
      key.select();
      key.focus();
    } finally {
      submit.disabled = false;
    }
  }

  return { title: 'Log in', node: form };
}

function messageOf(problem) {
  if (problem.status === 401) return 'Wrong operator key.';
  if (problem.status === 429) return `Too many wrong keys from this address. Try again in ${problem.retryAfter ?? 10} s.`;
  return problem.message;
}
