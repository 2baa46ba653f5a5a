import { api, post } from './api.js';
import { count, number } from './labels.js';

/** Dismisses the selected events, in several calls if they are many; returns a sentence about the result. */
export async function dismiss(selection) {
  const sum = { dismissed: 0, inWork: 0, shipmentsEnded: 0 };
  let response;
  do {
    response = await post(`${api}/events/dismiss`, selection);
    sum.dismissed += response.dismissed;
    sum.shipmentsEnded += response.shipmentsEnded;
    sum.inWork = response.inWork;
  } while (response.remaining > 0 && response.dismissed > 0);
  return textOf(sum);
}

const textOf = ({ dismissed, inWork, shipmentsEnded }) => [
  `${count(dismissed, 'event')} dismissed.`,
  inWork && `${number(inWork)} in work: not dismissed.`,
  shipmentsEnded && `${count(shipmentsEnded, 'shipment')} stay ended by these events; reopen them if that is wrong.`,
].filter(Boolean).join(' ');
