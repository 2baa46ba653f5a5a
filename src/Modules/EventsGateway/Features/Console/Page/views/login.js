import { call } from '../app/api.js';
import { el, setText } from '../app/dom.js';

export function login(isExpired, enter) {
  const fault = el('p', { class: 'error', role: 'alert' });
  const submit = el('button', { type: 'submit', class: 'primary' }, 'Log in');
  const name = el('input', { name: 'name', autocomplete: 'username', required: true, maxlength: 64, autofocus: true });
  const key = el('input', { name: 'key', type: 'password', autocomplete: 'current-password', required: true });
  const form = el('form', { class: 'card login', onsubmit: send },
    el('h1', {}, 'Gateway console'),
    isExpired && el('p', { class: 'note is-warn' }, 'Your session has ended. Log in to continue.'),
    el('label', {}, 'Your name', name, el('small', {}, 'Recorded in the audit log.')),
    el('label', {}, 'Operator key', key, el('small', {}, 'The value of Gateway:Operator:ApiKey.')),
    fault, submit);

  async function send(event) {
    event.preventDefault();
    setText(fault, '');
    submit.disabled = true;
    try {
      await call('POST', '/console/session', { body: { name: name.value.trim(), key: key.value } });
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
  if (problem.status === 429) return `Too many failed logins. Try again in ${problem.retryAfter ?? 60} s.`;
  return problem.message;
}
