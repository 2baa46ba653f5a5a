import { ApiError, api, post } from '../app/api.js';
import { announce, card, el, note } from '../app/dom.js';
import { tryResult } from './try-result.js';

/** A pasted request, read as the source would read it. Nothing is stored or counted. */
export function tryForm({ name, path }) {
  const area = (title, attributes) => el('label', { class: 'area' }, title,
    el('textarea', { spellcheck: 'false', autocomplete: 'off', ...attributes }));
  const input = (title, attributes) => el('label', {}, title,
    el('input', { spellcheck: 'false', autocomplete: 'off', ...attributes }));
  const segments = [...path.matchAll(/\{([^}]+)\}/g)].map(([, segment]) => segment);
  const result = el('div', { class: 'stack' });
  const submit = el('button', { type: 'submit', class: 'primary' }, 'Try');
  const form = el('form', { class: 'try', 'aria-label': 'Try a request', onsubmit: send },
    area('Headers, one per line', { name: 'headers', rows: 5, placeholder: 'X-Signature: …' }),
    area('Body', { name: 'body', rows: 5, maxlength: 1048576 }),
    segments.map(segment => input(`Segment {${segment}} of the path`, { name: `route.${segment}` })),
    input('Query', { name: 'query', placeholder: 'a=1&b=2' }),
    el('label', {}, 'Method', el('select', { name: 'method' }, ['POST', 'GET'].map(method => el('option', {}, method)))),
    el('div', { class: 'buttons' }, submit));

  async function send(event) {
    event.preventDefault();
    const given = new FormData(form);
    submit.disabled = true;
    try {
      const tried = await post(`${api}/sources/${encodeURIComponent(name)}/try`, {
        headers: grouped(linesOf(given.get('headers'))), body: given.get('body').replace(/\r\n/g, '\n'),
        query: grouped([...new URLSearchParams(given.get('query'))]), method: given.get('method'),
        route: Object.fromEntries(segments.map(segment => [segment, given.get(`route.${segment}`)])),
      });
      result.replaceChildren(...tryResult(tried));
      announce(`Tried: ${tried.result}`);
    } catch (fault) {
      if (!(fault instanceof ApiError)) throw fault;
      result.replaceChildren(note('bad', fault.message));
    } finally {
      submit.disabled = false;
    }
  }

  return card('Try a request', { class: 'stack' },
    el('p', { class: 'muted' }, 'Paste the headers and the exact body of a request. Nothing is stored, counted or sent.'),
    form, result);
}

/** `Name: value` per line, as `curl -v`, browsers and request logs show them. */
export function linesOf(text) {
  return text.split('\n').map(line => /^[<>\s]*([^\s:]+):[ \t]*(.*?)\s*$/.exec(line)).filter(Boolean)
    .map(([, name, value]) => [name, value]);
}

/** A name that comes twice has a list of values. */
function grouped(pairs) {
  const values = new Map();
  for (const [name, value] of pairs) values.set(name, [...values.get(name) ?? [], value]);
  return Object.fromEntries([...values].map(([name, all]) => [name, all.length === 1 ? all[0] : all]));
}
