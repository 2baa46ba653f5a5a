import { button, el, openDialog } from '../app/dom.js';
import { live } from '../app/live.js';
import { doubt } from './routing.js';

/** Asks before a replay that will have to wait; true when it is to be done. */
export function mayReplay() {
  const question = doubt(live.latest);
  if (!question) return true;
  return new Promise(answer => {
    const form = el('form', { method: 'dialog' },
      el('h2', { id: 'ask-title' }, 'Replay'), el('p', { id: 'ask-text' }, question),
      el('div', { class: 'buttons' }, el('button', { value: 'yes', class: 'primary' }, 'Replay all the same'), button('Cancel', () => dialog.close())));
    const dialog = el('dialog', { 'aria-labelledby': 'ask-title', 'aria-describedby': 'ask-text' }, form);
    openDialog(dialog, () => answer(dialog.returnValue === 'yes'));
  });
}
