const reference = /\{(header|query|route)\.([^}]+)\}/g;
const quoted = text => `'${text.replaceAll("'", "'\\''")}'`;

// The header itself is not stored unless the source keeps it.
function contentTypeOf(body) {
  try {
    JSON.parse(body);
    return 'application/json';
  } catch {
    return body.trimStart().startsWith('<') ? 'application/xml' : 'application/x-www-form-urlencoded';
  }
}

/**
 * The request of an event as a curl command. What proves it is not stored: the signature, and what else is signed with the body,
 * are placeholders in angle brackets.
 */
export function curlOf(event, source) {
  const kept = Object.entries(event.headers ?? {});
  const valueOf = (kind, name) =>
    kept.find(([key]) => key.toLowerCase() === `${kind}.${name}`.toLowerCase() || kind === 'header' && event.source === 'gateway'
      && key.toLowerCase() === name.toLowerCase())?.[1];
  const proof = [...source.signature.matchAll(reference)].map(([, kind, name]) => [kind, name, '<signature>']);
  const signed = [...(source.signedContent ?? '').matchAll(reference)]
    .map(([, kind, name]) => [kind, name, valueOf(kind, name) ?? `<${name}>`]);
  const stored = kept.map(([key, value]) => {
    const [, kind, name] = /^(header|query|route)\.(.+)$/.exec(key) ?? [];
    return kind ? [kind, name, value] : event.source === 'gateway' ? ['header', key, value] : null;
  }).filter(Boolean);
  const all = new Map([['header', 'Content-Type', contentTypeOf(event.body)], ...stored, ...signed, ...proof]
    .map(one => [`${one[0]}.${one[1]}`.toLowerCase(), one]));
  const of = kind => [...all.values()].filter(one => one[0] === kind);

  let path = source.path;
  for (const [, name, value] of of('route')) path = path.replace(`{${name}}`, value);
  const encoded = value => value.startsWith('<') ? value : encodeURIComponent(value);
  const search = of('query').map(([, name, value]) => `${encodeURIComponent(name)}=${encoded(value)}`).join('&');
  return [
    `curl -i -X POST ${quoted(`${location.origin}${path}${search ? `?${search}` : ''}`)}`,
    ...of('header').map(([, name, value]) => `-H ${quoted(`${name}: ${value}`)}`),
    `--data-raw ${quoted(event.body)}`,
  ].join(' \\\n  ');
}
