const svgSpace = 'http://www.w3.org/2000/svg';

/** An element. Children that are not nodes become text, so data cannot become markup. */
export function el(name, attributes = {}, ...children) {
  return fill(document.createElement(name), attributes, children);
}

export function svg(name, attributes = {}, ...children) {
  return fill(document.createElementNS(svgSpace, name), attributes, children);
}

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value == null || value === false) continue;
    if (typeof value === 'function') node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? '' : value);
  }
  node.append(...children.flat(Infinity).filter(child => child != null && child !== false));
  return node;
}

/** Changes a text only if it differs: unchanged text keeps its selection and is not announced again. */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

export function show(node, isShown) {
  if (node.hidden === isShown) node.hidden = !isShown;
}

/** Replaces the content, unless the focus is inside it. */
export function refill(node, content) {
  if (!node.contains(document.activeElement)) node.replaceChildren(...content);
}

export const visuallyHidden = text => el('span', { class: 'visually-hidden' }, text);

export const link = (href, text, attributes = {}) => el('a', { href, ...attributes }, text);

export const button = (text, onclick, attributes = {}) => el('button', { type: 'button', onclick, ...attributes }, text);

export const card = (title, attributes, ...content) =>
  el('section', { ...attributes, class: `card ${attributes.class ?? ''}` }, title && el('h2', {}, title), ...content);

export const note = (kind, ...content) => el('p', { class: `note is-${kind}` }, ...content);

/**
 * A table that becomes a list of cards on a phone. The roles are explicit because cells with another `display` lose them.
 * Columns: {title, cell(item), kind}; `kind` is a CSS class.
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

/** Focuses the node if the element that had the focus was removed, so that keyboard users keep their place. */
export const restoreFocus = node => {
  if (!document.activeElement || document.activeElement === document.body) focusOn(node);
};

/** Shows a modal dialog and removes it when it is closed. */
export function openDialog(dialog, closed) {
  dialog.addEventListener('close', () => {
    dialog.remove();
    closed?.();
  });
  document.body.append(dialog);
  dialog.showModal();
}

let announcing;
/** Text for screen readers; of several within 300 ms only the last. */
export function announce(text) {
  clearTimeout(announcing);
  announcing = setTimeout(() => { document.getElementById('announcer').textContent = text; }, 300);
}

export function copyButton(text, name, label = 'Copy') {
  const node = button(label, async () => {
    const isDone = await copy(typeof text === 'function' ? text() : text);
    node.textContent = isDone ? 'Copied' : 'Not copied';
    announce(isDone ? `${name} copied` : `${name} could not be copied`);
    setTimeout(() => { node.textContent = label; }, 2000);
  }, { class: 'small', 'aria-label': `${label} ${name}` });
  return node;
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // The clipboard API needs https or localhost; a gateway in an internal network may have neither.
    const holder = el('textarea', { class: 'visually-hidden', 'aria-hidden': 'true' });
    holder.value = text;
    document.body.append(holder);
    holder.select();
    const isDone = document.execCommand('copy');
    holder.remove();
    return isDone;
  }
}
