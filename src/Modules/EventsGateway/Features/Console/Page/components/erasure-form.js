import { api, post } from '../app/api.js';
import { announce, button, card, el, note, openDialog, show } from '../app/dom.js';
import { count, number } from '../app/labels.js';

/** Erases all data of a shipment or merchant. The ID is typed twice, because an erasure cannot be undone. */
export function erasureForm() {
  const kind = el('select', { name: 'kind' },
    el('option', { value: 'shipmentId' }, 'shipment'), el('option', { value: 'merchantId' }, 'merchant'));
  const id = el('input', { name: 'id', required: true, maxlength: 256, autocomplete: 'off', spellcheck: 'false' });
  const courier = el('input', { name: 'courier', maxlength: 256, autocomplete: 'off', spellcheck: 'false' });
  const state = el('div', { 'aria-live': 'polite' });
  const submit = el('button', { type: 'submit' }, 'Erase…');

  async function run(name, value, shippingCompanyId) {
    const sum = { erased: 0, containers: 0, shipments: 0 };
    submit.disabled = true;
    try {
      for (let remaining = 1; remaining > 0;) {
        const response = await post(`${api}/erasures`, { [name]: value, shippingCompanyId });
        sum.erased += response.erased;
        sum.containers += response.containers;
        sum.shipments += response.shipments;
        remaining = response.erased > 0 ? response.remaining : 0;
        state.replaceChildren(note('neutral',
          `Erasing: ${count(sum.erased, 'event')} erased, ${number(response.remaining)} left.`));
      }
      const isFound = sum.erased + sum.containers + sum.shipments > 0;
      const requests = sum.containers ? `, ${count(sum.containers, 'unmapped request')}` : '';
      const text = isFound ? `Erased: ${count(sum.erased, 'event')}${requests} and ${count(sum.shipments, 'shipment')}.`
        : `No data found for ID ${value}. IDs are case-sensitive.`;
      state.replaceChildren(note(isFound ? 'good' : 'neutral', text));
      announce(text);
      if (isFound) id.value = '';
    } catch (fault) {
      state.replaceChildren(note('bad', `${sum.erased ? `${count(sum.erased, 'event')} erased, then: ` : ''}${fault.message}`));
    } finally {
      submit.disabled = false;
    }
  }

  const form = el('form', { class: 'search', 'aria-label': 'Erase data', onsubmit: submitted => {
    submitted.preventDefault();
    confirmErasure(kind.selectedOptions[0].textContent, id.value.trim(), () => run(
      kind.value, id.value.trim(), kind.value === 'shipmentId' && courier.value.trim() || undefined));
  } }, el('label', {}, 'All events of one', kind), el('label', { class: 'wide' }, 'ID to erase', id),
  el('label', {}, 'Courier, if several use the number', courier),
  el('div', { class: 'buttons' }, submit));
  return card('Erase data', { class: 'stack' },
    el('p', { class: 'muted' }, 'Deletes bodies, headers and IDs of all events of a shipment or merchant, the shipments, '
      + 'and unmapped requests that name it. '
      + 'Hashed keys remain, so that late duplicates are still detected. An erasure cannot be undone.'), form, state);
}

function confirmErasure(kind, value, confirmed) {
  if (!value) return;
  const repeated = el('input', { autocomplete: 'off', spellcheck: 'false', 'aria-describedby': 'differs', oninput: compare });
  const differs = el('p', { class: 'muted', id: 'differs' }, 'The IDs differ.');
  const submit = el('button', { type: 'submit', class: 'danger', disabled: true }, 'Erase permanently');
  const dialog = el('dialog', { 'aria-labelledby': 'erase-title' },
    el('form', { onsubmit: submitted => {
      submitted.preventDefault();
      dialog.close();
      confirmed();
    } }, el('h2', { id: 'erase-title' }, `Erase ${kind} ${value}?`),
    el('label', {}, `Type the ${kind} ID again`, repeated), differs,
    el('div', { class: 'buttons' }, submit, button('Cancel', () => dialog.close()))));

  function compare() {
    submit.disabled = repeated.value.trim() !== value;
    show(differs, submit.disabled);
  }

  openDialog(dialog);
}
