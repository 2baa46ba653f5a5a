import { api, get, keyOf } from '../app/api.js';
import { link, note } from '../app/dom.js';
import { hash } from '../app/route.js';
import { age, time } from '../app/time.js';

export const isConflict = ({ reason }) => reason === 'conflict';

/** The key of the event in a rejected request; null if the request did not contain it. */
export const keyOfRejection = ({ shippingCompanyId: company, eventId }) => company && eventId ? keyOf(company, eventId) : null;

/** A link to the newest rejected request that matches by its `id`: a list with one note, or empty. */
export async function rejectionNotice(isMatch, id = 'event ID') {
  const { items } = await get(`${api}/rejections?limit=200`).catch(() => ({ items: [] }));
  const found = items.find(isMatch);
  if (!found) return [];
  const requestLink = text => link(
    hash('rejected', found.eventId ? { eventId: found.eventId } : { requestId: found.requestId }), text);
  return [isConflict(found)
    ? note('neutral', 'Conflict: a request with this event ID and a different body came at ', time(found.at),
      '. The first body stays: ', requestLink('see the request'))
    : note('warn', `A request with this ${id} was rejected `, age(found.at), ': ', requestLink('see why'))];
}
