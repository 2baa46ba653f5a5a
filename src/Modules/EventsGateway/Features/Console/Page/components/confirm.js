import { button, el, openDialog } from '../app/dom.js';
import { live } from '../app/live.js';
import { replayQuestion } from './routing-status.js';

/** Asks a question in a dialog; true if the answer is `action`. */
export function confirm(title, question, action) {
  return new Promise(resolve => {
    const form = el('form', { method: 'dialog' },
      el('h2', { id: 'confirm-title' }, title), el('p', { id: 'confirm-text' }, question),
      el('div', { class: 'buttons' },
        el('button', { value: 'yes', class: 'primary' }, action), button('Cancel', () => dialog.close())));
    const dialog = el('dialog', { 'aria-labelledby': 'confirm-title', 'aria-describedby': 'confirm-text' }, form);
    openDialog(dialog, () => resolve(dialog.returnValue === 'yes'));
  });
}

/** Asks for confirmation while the routing service is down; true if the replay may run. */
export function confirmReplay() {
  const question = replayQuestion(live.latest);
  return question ? confirm('Replay', question, 'Replay anyway') : true;
}
