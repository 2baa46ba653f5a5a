import { api, get, keyOf, may, post } from '../app/api.js';
import { announce, button, card, el, link, note, openDialog } from '../app/dom.js';
import { eventHash, hash } from '../app/route.js';
import { time } from '../app/time.js';

/** The shipment of an event: its state, what ended it, and the button that reopens it. */
export function shipmentCard(event) {
  const path = `${api}/shipments/${keyOf(event.shippingCompanyId, event.shipmentId)}`;
  const content = el('div', { class: 'stack', 'aria-live': 'polite' });

  async function load() {
    try {
      content.replaceChildren(...parts(await get(`${path}?limit=1`)));
    } catch (fault) {
      content.replaceChildren(fault.status === 404
        ? el('p', { class: 'muted' }, 'No event of this shipment has been processed yet.') : note('warn', fault.message));
    }
  }

  const parts = shipment => [
    el('dl', { class: 'properties' },
      el('dt', {}, 'Status'), el('dd', {}, shipment.status),
      shipment.cycle > 1 && [el('dt', {}, 'Cycle'), el('dd', {}, `${shipment.cycle}, since `, time(shipment.since))],
      shipment.endedBy && [el('dt', {}, 'Ended by'), el('dd', {}, link(eventHash(shipment.endedBy), shipment.endedBy))],
      shipment.endReceivedAt && [el('dt', {}, 'End received'), el('dd', {}, time(shipment.endReceivedAt))]),
    el('div', { class: 'buttons' },
      link(hash('events', { shippingCompanyId: event.shippingCompanyId, shipmentId: event.shipmentId }), 'Its events'),
      shipment.status !== 'ACTIVE' && may('admin') && button('Reopen…', () => confirmReopen(shipment.shipmentId, reopen))),
  ];

  async function reopen() {
    try {
      const { cycle } = await post(`${path}/reopen`);
      announce(`Shipment reopened: cycle ${cycle} begins.`);
      await load();
    } catch (fault) {
      content.append(note('bad', fault.message));
    }
  }

  load();
  return card('Shipment', {}, content);
}

function confirmReopen(shipmentId, confirmed) {
  const dialog = el('dialog', { 'aria-labelledby': 'reopen-title', 'aria-describedby': 'reopen-text' },
    el('form', { method: 'dialog' }, el('h2', { id: 'reopen-title' }, `Reopen shipment ${shipmentId}?`),
      el('p', { id: 'reopen-text' }, 'The shipment becomes active, and no event that has been received until now ends it again. '
        + 'Replay its failed or late events afterwards: they are routed then.'),
      el('div', { class: 'buttons' }, el('button', { value: 'yes', class: 'primary' }, 'Reopen'),
        button('Cancel', () => dialog.close()))));
  openDialog(dialog, () => { if (dialog.returnValue === 'yes') confirmed(); });
}
