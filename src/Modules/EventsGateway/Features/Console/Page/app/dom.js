const svgSpace = 'http://www.w3.org/2000/svg';

/** An element; what is not a node becomes text, so data can never become markup. */
export function el(name, attributes = {}, ...children) {
  return fill(document.createElement(name), attributes, children);
}

export function svg(name, attributes = {}, ...children) {
  return fill(document.createElementNS(svgSpace, name), attributes, children);
}

function fill(made, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value == null || value === false) continue;
    if (typeof value === 'function') made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value === true ? '' : value);
  }
  made.append(...children.flat(Infinity).filter(child => child != null && child !== false));
  return made;
}

/** Writes only what has changed: untouched text keeps its selection, and screen readers stay quiet. */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

export function show(node, isShown) {
  if (node.hidden === isShown) node.hidden = !isShown;
}

/** Says something else, unless somebody is about to press what stands there. */
export function refill(node, content) {
  if (!node.contains(document.activeElement)) node.replaceChildren(...content);
}

export const unseen = text => el('span', { class: 'unseen' }, text);

export const link = (href, text, attributes = {}) => el('a', { href, ...attributes }, text);

export const button = (text, onclick, attributes = {}) => el('button', { type: 'button', onclick, ...attributes }, text);

export const card = (title, attributes, ...content) =>
  el('section', { ...attributes, class: `card ${attributes.class ?? ''}` }, title && el('h2', {}, title), ...content);

export const note = (kind, ...content) => el('p', { class: `note is-${kind}` }, ...content);

/**
 * A table that becomes a list of cards on a phone. The roles are written out because a cell that is laid out as a
 * block loses them. Columns: {title, cell(item), kind}.
 */
export function table(label, columns, items, attributes = {}) {
  return el('table', { role: 'table', class: 'rows', 'aria-label': label, ...attributes },
    el('thead', { role: 'rowgroup' }, el('tr', { role: 'row' },
      columns.map(column => el('th', { role: 'columnheader', scope: 'col', class: column.kind }, column.head ?? column.title)))),
    el('tbody', { role: 'rowgroup' }, items.map(item => tableRow(columns, item))));
}

export function tableRow(columns, item) {
  return el('tr', { role: 'row' }, columns.map(column =>
    el('td', { role: 'cell', class: column.kind, 'data-title': column.title }, column.cell(item))));
}

export function focusOn(node) {
  if (!node.matches('a, button')) node.tabIndex = -1;
  node.focus({ preventScroll: true });
}

/** For whoever works with the keyboard: what had the focus may be gone. */
export const keepFocus = node => { if (!document.activeElement || document.activeElement === document.body) focusOn(node); };

/** Over everything until it is closed. */
export function openDialog(dialog, closed) {
  dialog.addEventListener('close', () => {
    dialog.remove();
    closed?.();
  });
  document.body.append(dialog);
  dialog.showModal();
}

let announcing;
/** Said by screen readers once things have calmed down. */
export function announce(text) {
  clearTimeout(announcing);
  announcing = setTimeout(() => { document.getElementById('announcer').textContent = text; }, 300);
}

export function copyButton(text, name, label = 'Copy') {
  const made = button(label, async () => {
    const isDone = await copy(typeof text === 'function' ? text() : text);
    made.textContent = isDone ? 'Copied' : 'Not copied';
    announce(isDone ? `${name} copied` : `${name} could not be copied`);
    setTimeout(() => { made.textContent = label; }, 2000);
  }, { class: 'small', 'aria-label': `${label} ${name}` });
  return made;
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Browsers give the clipboard to https and localhost only; a gateway inside a network may have neither.
    const holder = el('textarea', { class: 'unseen', 'aria-hidden': 'true' });
    holder.value = text;
    document.body.append(holder);
    holder.select();
    const isDone = document.execCommand('copy');
    holder.remove();
    return isDone;
  }
}
