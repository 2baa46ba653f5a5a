import { api, post } from './api.js';
import { Canary } from './canary.js';
import { now } from './time.js';

const step = 500;

/**
 * A replay in steps. It continues while other views are shown and ends with the page: replayed events stay replayed, the
 * rest stays failed.
 */
export class Replay extends EventTarget {
  done = 0;
  remaining = null;
  state = 'running';
  fault = null;
  endedAt = null;
  /** When the last replayed event becomes due; null without a rate. */
  dueUntil = null;
  #asOf;

  /** Options: the time of an earlier count, a rate, and how many are replayed first. */
  constructor(filter, { asOf, perSecond, canary } = {}) {
    super();
    this.filter = filter;
    this.perSecond = perSecond;
    this.canary = canary ? new Canary(filter, canary) : null;
    this.#asOf = asOf;
  }

  get total() { return this.remaining == null ? null : this.done + this.remaining; }

  async run() {
    if (this.state === 'held') this.canary.isDone = true;
    this.#become('running');
    try {
      await this.#runCanary();
      while (this.state === 'running') {
        // The first response sets the cut-off: events that fail again after it are not replayed twice.
        const response = await post(`${api}/replays`, {
          filter: this.filter, limit: step, asOf: this.#asOf,
          ...this.perSecond && { perSecond: this.perSecond, nextDueAt: this.dueUntil ?? undefined },
        });
        this.#asOf = response.asOf;
        this.dueUntil = response.nextDueAt ?? null;
        this.done += response.replayed;
        this.remaining = response.remaining;
        if (response.remaining === 0 || response.replayed === 0) return this.#become('done');
        this.dispatchEvent(new Event('change'));
      }
    } catch (fault) {
      this.fault = fault.message;
      this.#become('broken');
    }
  }

  /** The rest follows only if the first ones are routed; otherwise `run` replays it nevertheless. */
  async #runCanary() {
    const { canary } = this;
    if (!canary || canary.isDone) return;
    this.done += await canary.begin();
    this.dispatchEvent(new Event('change'));
    while (this.state === 'running' && !canary.isDone) {
      await canary.look();
      if (canary.failed) return this.#become('held');
      this.dispatchEvent(new Event('change'));
      if (!canary.isDone) await new Promise(resolve => setTimeout(resolve, 1000));
    }
  }

  stop() {
    if (this.state === 'running') this.#become('stopped');
  }

  #become(state) {
    this.state = state;
    this.endedAt = state === 'running' ? null : now();
    this.dispatchEvent(new Event('change'));
  }
}

const all = new Map();

/** The replay of a failure group or a search since the page was loaded, if any. */
export const replayOf = id => all.get(id);

export function startReplay(id, filter, options) {
  const replay = new Replay(filter, options);
  all.set(id, replay);
  replay.run();
  return replay;
}

export const discardReplay = id => all.delete(id);
export const replayIds = kind => [...all.keys()].filter(id => id.startsWith(kind));
