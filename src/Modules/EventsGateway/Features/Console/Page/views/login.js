import { call } from '../app/api.js';
import { el, setText } from '../app/dom.js';

export function login(isExpired, enter) {
  const fault = el('p', { class: 'fault', role: 'alert' });
  const submit = el('button', { type: 'submit', class: 'primary' }, 'Log in');
  const name = el('input', { name: 'name', autocomplete: 'username', required: true, maxlength: 64, autofocus: true });
  const key = el('input', { name: 'key', type: 'password', autocomplete: 'current-password', required: true });
  const form = el('form', { class: 'card login', onsubmit: send },
    el('h1', {}, 'Gateway console'),
    isExpired && el('p', { class: 'note is-warn' }, 'Your session has ended. After the login you are back where you were.'),
    el('label', {}, 'Your name', name, el('small', {}, 'Stands in the audit record of what you do.')),
    el('label', {}, 'Operator key', key, el('small', {}, 'Gateway:Operator:ApiKey of this gateway.')),
    fault, submit);

  async function send(event) {
    event.preventDefault();
    setText(fault, '');
    submit.disabled = true;
    try {
      await call('POST', '/console/session', { body: { name: name.value.trim(), key: key.value } });
      await enter();
    } catch (problem) {
      setText(fault, said(problem));
      key.select();
      key.focus();
    } finally {
      submit.disabled = false;
    }
  }

  return { title: 'Log in', node: form };
}

function said(problem) {
  if (problem.status === 401) return 'That is not the operator key.';
  if (problem.status === 429) return `Too many wrong keys. Try again in ${problem.retryAfter ?? 60} s.`;
  return problem.message;
}
