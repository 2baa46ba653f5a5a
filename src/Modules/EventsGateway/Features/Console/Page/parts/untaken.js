import { api, get, keyOf } from '../app/api.js';
import { link, note } from '../app/dom.js';
import { hash } from '../app/route.js';
import { age, time } from '../app/time.js';

export const isConflict = ({ reason }) => reason === 'conflict';

/** The key of the event that it would have become; null where the request did not tell. */
export const keyOfRejection = ({ shippingCompanyId: company, eventId }) => company && eventId ? keyOf(company, eventId) : null;

/** Says of the newest of the rejected requests that are meant that it came, and leads to it. As nodes: none, or one. */
export async function untaken(isMeant) {
  const { items } = await get(`${api}/rejections?limit=200`).catch(() => ({ items: [] }));
  const found = items.find(isMeant);
  if (!found) return [];
  const place = text => link(hash('rejected', { eventId: found.eventId }), text);
  return [isConflict(found)
    ? note('calm', 'Another body came under this id at ', time(found.at), '; it was not taken: ', place('see the request'))
    : note('warn', 'A request with this event id was rejected ', age(found.at), ': ', place('see why'))];
}
