import { api, get } from '../app/api.js';
import { el, link, refill } from '../app/dom.js';
import { refresh } from '../app/refresh.js';
import { hash, sourceHash } from '../app/route.js';
import { statusIcon } from './icons.js';

/** The findings of all sources on the overview; empty without one. */
export function sourceNotice() {
  const node = el('div', { class: 'state' });
  let drawn = '';
  const load = async () => {
    const { items, errors } = await get(`${api}/sources`).catch(() => ({ items: [], errors: [] }));
    const lines = [
      ...errors.map(error => [hash('sources'), 'Sources', `not reloaded: ${error}`]),
      ...items.flatMap(source => source.findings.map(finding => [sourceHash(source.name), source.name, finding])),
    ];
    if (JSON.stringify(lines) === drawn) return;
    drawn = JSON.stringify(lines);
    refill(node, lines.length ? [noteOf(lines)] : []);
  };
  // Silence grows while nothing else changes.
  return { node, dispose: refresh(load, latest => latest.point.t, 5000) };
}

const noteOf = lines => el('section', { class: 'note is-warn', 'data-findings': '' },
  el('h2', {}, statusIcon('warn'), ' Sources'),
  el('ul', {}, lines.map(([href, name, text]) => el('li', {}, link(href, name), ` ${textBehind(name, text)}`))));

/** A finding begins with the name of its source, which the link has already. */
const textBehind = (name, text) => text.startsWith(name) ? text.slice(name.length).replace(/^:?\s*/, '') : text;
