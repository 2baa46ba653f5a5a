import { api, post } from './api.js';
import { now } from './time.js';

const step = 500;

/**
 * A replay in steps. It goes on while one looks at other views, and ends with the page: what has been replayed stays
 * replayed, and the rest stays failed.
 */
export class Replay extends EventTarget {
  done = 0;
  remaining = null;
  state = 'running';
  fault = null;
  endedAt = null;
  #asOf;

  constructor(filter) {
    super();
    this.filter = filter;
  }

  get total() { return this.remaining == null ? null : this.done + this.remaining; }

  async run() {
    this.#become('running');
    try {
      while (this.state === 'running') {
        // The first answer tells the moment; events that fail anew after it are not taken a second time.
        const answer = await post(`${api}/replays`, { filter: this.filter, limit: step, asOf: this.#asOf });
        this.#asOf = answer.asOf;
        this.done += answer.replayed;
        this.remaining = answer.remaining;
        if (answer.remaining === 0 || answer.replayed === 0) return this.#become('done');
        this.dispatchEvent(new Event('change'));
      }
    } catch (fault) {
      this.fault = fault.message;
      this.#become('broken');
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

/** The replay of a group of failures, if there is one since the page was loaded. */
export const replayOf = id => all.get(id);

export function startReplay(id, filter) {
  const replay = new Replay(filter);
  all.set(id, replay);
  replay.run();
  return replay;
}

export const forgetReplay = id => all.delete(id);
export const replayIds = () => [...all.keys()];
