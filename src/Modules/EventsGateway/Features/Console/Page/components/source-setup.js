import { card, copyButton, el } from '../app/dom.js';

const names = reference => /^\{(header|query|route)\.([^}]+)\}$/.exec(reference);

const placeOf = reference => {
  const [, kind, name] = names(reference) ?? [];
  return kind === 'header' ? `header ${name}` : kind === 'query' ? `query parameter ${name}`
    : kind === 'route' ? `segment {${name}} of the URL` : reference;
};

const proofs = {
  token: place => `The secret is sent in the ${place} of every request.`,
  basic: place => `User name and password of the secret (user:password), sent in the ${place}.`,
  none: place => `No signature. The secret is the ${place}: write it there.`,
  'jwt-hs256': place => `A JWT, signed with the secret by HS256, in the ${place}.`,
  'rsa-sha256': place => `The sender signs with its private key; the signature is in the ${place}.`,
};

/** What has to be entered at the sender: [title, value]. */
export function setupOf(source) {
  const url = `${location.origin}${source.path}`;
  const place = placeOf(source.signature);
  const proof = proofs[source.scheme]?.(place)
    ?? `${source.scheme} of ${source.signedContent}, in the ${place}.`;
  const ids = source.secrets.map(secret => secret.id).join(', ');
  return [
    ['URL', url], ['Method', 'POST, content type application/json'], ['Signature', proof],
    ['Secret', `The value of the secret ${ids || 'of this source'}, from your secret store; the gateway does not show it.`],
  ];
}

export function setupCard(source) {
  const lines = setupOf(source);
  const text = lines.map(([title, value]) => `${title}: ${value}`).join('\n');
  return card('Setup for the sender', { class: 'stack' },
    el('dl', { class: 'properties' }, lines.map(([title, value]) => [el('dt', {}, title), el('dd', {}, value)])),
    el('p', { class: 'muted' }, 'The host is that of this console: replace it with the address that senders reach.'),
    el('div', { class: 'buttons' }, copyButton(text, 'setup for the sender', 'Copy setup'),
      copyButton(lines[0][1], 'URL', 'Copy URL')));
}
