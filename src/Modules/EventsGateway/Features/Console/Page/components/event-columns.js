import { may } from '../app/api.js';
import { el, link } from '../app/dom.js';
import { isReplayable, number, outcomeText, statusKind, typeText } from '../app/labels.js';
import { eventHash, hash } from '../app/route.js';
import { timeAndAge } from '../app/time.js';
import { badge } from './icons.js';

/** The columns of the event table. A tick adds a replayable event to `selected` and calls `changed`. */
export const eventColumns = (selected, selectAll, changed) => [
  { title: 'Select', head: selectAll, kind: 'checkbox', cell: event => isReplayable(event) && may('operate') && el('input', {
    type: 'checkbox', 'aria-label': `Select ${event.key}`, checked: selected.has(event.key), onchange: change => {
      if (change.target.checked) selected.add(event.key);
      else selected.delete(event.key);
      changed();
    },
  }) },
  { title: 'Received', kind: 'nowrap', cell: event => timeAndAge(event.receivedAt) },
  { title: 'Status', kind: 'nowrap', cell: event => badge(statusKind(event.status), event.status) },
  { title: 'Event', cell: event => link(eventHash(event.key), event.eventId || event.key, { title: event.key }) },
  { title: 'Type', kind: 'nowrap', cell: event => typeText(event.type) },
  { title: 'Company', cell: event => event.shippingCompanyId ?? '–' },
  { title: 'Shipment',
    cell: event => event.shipmentId ? link(hash('events', { shipmentId: event.shipmentId }), event.shipmentId) : '–' },
  { title: 'Merchant', cell: event => event.merchantId ?? '–' },
  { title: 'Attempts', kind: 'number', cell: event => el('span', {}, number(event.attempts ?? 0)) },
  { title: 'Outcome', kind: 'full-width', cell: event => el('span', {}, event.outcome ? outcomeText(event.outcome) : '–',
    event.lastError && event.status !== 'processed' && el('span', { class: 'muted' }, ` ${event.lastError}`)) },
];
