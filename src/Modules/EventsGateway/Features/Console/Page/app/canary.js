import { api, get, post, query } from './api.js';
import { isReplayable } from './labels.js';

// As the gateway selects: failed events, unless the filter names late or dismissed ones.
export const replayedStatus = ({ status, outcome }) => outcome === 'late' ? status ?? 'processed' : status ?? 'failed';

/** The newest events of a replay, which are replayed first, and what became of them. */
export class Canary {
  routed = 0;
  failed = 0;
  isDone = false;
  /** Why one was not routed, and its key. */
  error = null;
  failedKey = null;
  #pending = null;

  constructor(filter, size) {
    this.filter = filter;
    this.size = size;
  }

  get waiting() { return this.#pending?.size ?? this.size; }

  /** Replays them, once; returns how many. */
  async begin() {
    if (this.#pending) return 0;
    const { items } = await get(`${api}/events${query({ ...this.filter, status: replayedStatus(this.filter), limit: 200 })}`);
    const keys = items.filter(isReplayable).slice(0, this.size).map(({ key }) => key);
    const { replayed } = keys.length ? await post(`${api}/replays`, { keys }) : { replayed: 0 };
    if (!replayed) throw new Error('No event was replayed: none of the newest 200 matches can be.');
    this.#pending = new Set(keys);
    this.size = keys.length;
    return replayed;
  }

  async look() {
    for (const key of [...this.#pending]) {
      const found = await get(`${api}/events/${encodeURIComponent(key)}`);
      if (found.status === 'pending') continue;
      this.#pending.delete(key);
      if (['routed', 'mapped'].includes(found.outcome)) {
        this.routed++;
        continue;
      }
      this.failed++;
      this.error ??= found.lastError ?? found.outcome ?? found.status;
      this.failedKey ??= key;
    }
    this.isDone = this.#pending.size === 0 && !this.failed;
  }
}
