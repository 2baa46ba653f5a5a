import { button, card, copyButton, el } from '../app/dom.js';
import { bytes } from '../app/labels.js';

export function bodyCard({ body, bodyRemoved, tombstone }) {
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
    el('span', { class: 'buttons end' }, pretty && raw, copyButton(body, 'body'))), text);
}

function prettyOf(body) {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return null;
  }
}
