import { button, el, openDialog } from '../app/dom.js';
import { live } from '../app/live.js';
import { replayQuestion } from './routing-status.js';

/** Asks for confirmation while the routing service is down; true if the replay may run. */
export function confirmReplay() {
  const question = replayQuestion(live.latest);
  if (!question) return true;
  return new Promise(resolve => {
    const form = el('form', { method: 'dialog' },
      el('h2', { id: 'confirm-title' }, 'Replay'), el('p', { id: 'confirm-text' }, question),
      el('div', { class: 'buttons' },
        el('button', { value: 'yes', class: 'primary' }, 'Replay anyway'), button('Cancel', () => dialog.close())));
    const dialog = el('dialog', { 'aria-labelledby': 'confirm-title', 'aria-describedby': 'confirm-text' }, form);
    openDialog(dialog, () => resolve(dialog.returnValue === 'yes'));
  });
}
