import { button, el, openDialog } from '../app/dom.js';
import { count } from '../app/labels.js';
import { live } from '../app/live.js';
import { replayQuestion } from './routing-status.js';

// So many events are replayed without a question.
const unconfirmed = 100;

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

/** Asks for confirmation of a replay of many events, and while the routing service is down; true if the replay may run. */
export async function confirmReplay(amount = 1) {
  const many = `${count(amount, 'event')} match and become pending again.`;
  if (amount > unconfirmed && !await confirm('Replay', many, 'Replay')) return false;
  const question = replayQuestion(live.latest);
  return question ? confirm('Replay', question, 'Replay anyway') : true;
}
