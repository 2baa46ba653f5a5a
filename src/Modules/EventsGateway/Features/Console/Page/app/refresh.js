import { failedLeft, live, onLive } from './live.js';

/**
 * Calls `load` now, and again when the numbers that `watched` picks have changed: at most once in `pause`
 * milliseconds, never two at a time. Returns what ends it.
 */
export function refresh(load, watched, pause) {
  const numbers = () => live.latest && JSON.stringify(watched(live.latest));
  let seen;
  let isBusy = false;
  let last = 0;
  const run = async () => {
    isBusy = true;
    last = Date.now();
    // Before the answer: what changes while it is on its way may be missing in it.
    seen = numbers();
    try {
      await load();
    } finally {
      isBusy = false;
    }
  };
  run();
  return onLive(() => {
    if (!isBusy && live.latest && numbers() !== seen && Date.now() - last >= pause) run();
  });
}

/** What changes whenever an event comes or is settled, by whichever process. */
export const eventNumbers = latest => {
  const { accepted, pending, processed, failed, removed } = latest.counts ?? {};
  return [accepted, pending, processed, failed, removed, latest.totals];
};

export const failureNumbers = latest => [failedLeft(latest.counts), latest.totals.failed];

// An id that came again with another body is counted as a duplicate.
export const rejectionNumbers = latest => [latest.totals.rejected, latest.totals.duplicate, latest.ingest.rejectedByReason];
