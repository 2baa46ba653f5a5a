import { api, post } from '../app/api.js';
import { announce, button, card, el, note, openDialog, show } from '../app/dom.js';
import { count, number } from '../app/words.js';

/** Erasure of all that is kept of a shipment or a merchant; the id is typed twice, because nothing brings it back. */
export function erase(erased) {
  const kind = el('select', { name: 'kind' }, el('option', { value: 'shipmentId' }, 'shipment'), el('option', { value: 'merchantId' }, 'merchant'));
  const id = el('input', { name: 'id', required: true, maxlength: 256, autocomplete: 'off', spellcheck: 'false' });
  const state = el('div', { 'aria-live': 'polite' });
  const submit = el('button', { type: 'submit' }, 'Erase…');

  async function run(name, value) {
    const sum = { erased: 0, shipments: 0 };
    submit.disabled = true;
    try {
      for (let remaining = 1; remaining > 0;) {
        const answer = await post(`${api}/erasures`, { [name]: value });
        sum.erased += answer.erased;
        sum.shipments += answer.shipments;
        remaining = answer.erased > 0 ? answer.remaining : 0;
        state.replaceChildren(note('calm', `Erasing: ${count(sum.erased, 'event')} so far, ${number(answer.remaining)} left.`));
      }
      const isKnown = sum.erased + sum.shipments > 0;
      const text = isKnown ? `Erased: ${count(sum.erased, 'event')} and ${count(sum.shipments, 'shipment')}.`
        : `Nothing is kept under this id: ${value}. Letters count as they are written.`;
      state.replaceChildren(note(isKnown ? 'good' : 'calm', text));
      announce(text);
      if (isKnown) id.value = '';
    } catch (fault) {
      state.replaceChildren(note('bad', `${sum.erased ? `${count(sum.erased, 'event')} erased, then: ` : ''}${fault.message}`));
    } finally {
      submit.disabled = false;
      erased();
    }
  }

  return card('Erase on request', { class: 'stack' },
    el('p', { class: 'soft' }, 'Removes bodies, headers and ids of every event of a shipment or merchant, and the shipments. What stays is a hashed key, so that a late copy is still recognised. It cannot be undone.'),
    el('form', { class: 'search', 'aria-label': 'Erase on request', onsubmit: submitted => {
      submitted.preventDefault();
      confirmDialog(kind.selectedOptions[0].textContent, id.value.trim(), () => run(kind.value, id.value.trim()));
    } }, el('label', {}, 'All of one', kind), el('label', { class: 'wide' }, 'Its id', id), el('div', { class: 'buttons' }, submit)), state);
}

function confirmDialog(what, value, confirmed) {
  if (!value) return;
  const again = el('input', { autocomplete: 'off', spellcheck: 'false', 'aria-describedby': 'differs', oninput: compare });
  const differs = el('p', { class: 'soft', id: 'differs' }, 'It has to be the same id.');
  const yes = el('button', { type: 'submit', class: 'danger', disabled: true }, 'Erase for ever');
  const dialog = el('dialog', { 'aria-labelledby': 'erase-title' },
    el('form', { onsubmit: submitted => {
      submitted.preventDefault();
      dialog.close();
      confirmed();
    } }, el('h2', { id: 'erase-title' }, `Erase ${what} ${value}?`),
    el('label', {}, `Type the id of the ${what} again`, again), differs,
    el('div', { class: 'buttons' }, yes, button('Cancel', () => dialog.close()))));

  function compare() {
    yes.disabled = again.value.trim() !== value;
    show(differs, yes.disabled);
  }

  openDialog(dialog);
}
