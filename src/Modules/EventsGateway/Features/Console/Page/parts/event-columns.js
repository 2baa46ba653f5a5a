import { el, link } from '../app/dom.js';
import { eventHash, hash } from '../app/route.js';
import { timeAndAge } from '../app/time.js';
import { number, outcomeText, statusKind, typeText } from '../app/words.js';
import { badge } from './marks.js';

/** What the table of events shows of each; failed ones can be put into `selected`, and `choose` is told. */
export const columnsOf = (selected, all, choose) => [
  { title: 'Select', head: all, kind: 'tick', cell: event => event.status === 'failed' && el('input', {
    type: 'checkbox', 'aria-label': `Select ${event.key}`, checked: selected.has(event.key), onchange: change => {
      if (change.target.checked) selected.add(event.key);
      else selected.delete(event.key);
      choose();
    },
  }) },
  { title: 'Received', kind: 'fixed', cell: event => timeAndAge(event.receivedAt) },
  { title: 'Status', kind: 'fixed', cell: event => badge(statusKind(event.status), event.status) },
  { title: 'Event', cell: event => link(eventHash(event.key), event.eventId || event.key, { title: event.key }) },
  { title: 'Type', kind: 'fixed', cell: event => typeText(event.type) },
  { title: 'Courier', cell: event => event.shippingCompanyId ?? '–' },
  { title: 'Shipment', cell: event => event.shipmentId ? link(hash('events', { shipmentId: event.shipmentId }), event.shipmentId) : '–' },
  { title: 'Merchant', cell: event => event.merchantId ?? '–' },
  { title: 'Attempts', kind: 'number', cell: event => el('span', {}, number(event.attempts ?? 0)) },
  { title: 'Outcome', kind: 'whole', cell: event => el('span', {}, event.outcome ? outcomeText(event.outcome) : '–',
    event.lastError && event.status !== 'processed' && el('span', { class: 'soft' }, ` ${event.lastError}`)) },
];
