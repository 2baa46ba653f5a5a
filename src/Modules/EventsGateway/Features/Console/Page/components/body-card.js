import { button, card, copyButton, el } from '../app/dom.js';
import { curlOf } from './curl.js';
import { bytes } from '../app/labels.js';

/** `source` is null where it is not known: then there is no curl command. */
export function bodyCard(event, source) {
  const { body, bodyRemoved, tombstone } = event;
  if (body == null || bodyRemoved || tombstone)
    return card('Body', {}, el('p', { class: 'muted' }, 'Removed by retention or an erasure.'));
  const pretty = prettyOf(body);
  const text = el('pre', { tabindex: 0, 'aria-label': 'Body' }, pretty ?? body);
  const raw = button('Raw', () => {
    const isRaw = raw.getAttribute('aria-pressed') !== 'true';
    raw.setAttribute('aria-pressed', isRaw);
    text.textContent = isRaw ? body : pretty;
  }, { class: 'small', 'aria-pressed': 'false' });
  const size = new TextEncoder().encode(body).length;
  return card('Body', {}, el('div', { class: 'head' },
    el('span', { class: 'muted' }, `${bytes(size)}, as signed by the sender`),
    // Of a request with several events only the part of this one is stored.
    el('span', { class: 'buttons end' }, pretty && raw, copyButton(body, 'body'), source && event.itemIndex == null
      && copyButton(() => curlOf(event, source), 'request as a curl command', 'Copy as curl'))), text);
}

function prettyOf(body) {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return null;
  }
}
