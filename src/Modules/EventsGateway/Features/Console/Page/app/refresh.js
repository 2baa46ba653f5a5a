import { remainingFailed, live, onLive } from './live.js';

/**
 * Calls `load` now, and again when the values that `watched` selects have changed: at most once in `interval`
 * milliseconds, never concurrently. Returns a function that ends it.
 */
export function refresh(load, watched, interval) {
  const values = () => live.latest && JSON.stringify(watched(live.latest));
  let loaded;
  let isBusy = false;
  let last = 0;
  const run = async () => {
    isBusy = true;
    last = Date.now();
    // Before the request: the response may lack changes that happen meanwhile.
    loaded = values();
    try {
      await load();
    } finally {
      isBusy = false;
    }
  };
  run();
  return onLive(() => {
    if (!isBusy && live.latest && values() !== loaded && Date.now() - last >= interval) run();
  });
}

/** Values that change when an event is accepted or settled by any process. */
export const eventCounts = latest => {
  const { accepted, pending, processed, failed, dismissed, removed } = latest.counts ?? {};
  return [accepted, pending, processed, failed, dismissed, removed, latest.totals];
};

export const failureCounts = latest => [remainingFailed(latest.counts), latest.totals.failed];

// Conflicts are counted as duplicates. Requests that other processes rejected are known every 5 s.
export const rejectionCounts = latest => [latest.totals.rejected, latest.totals.duplicate, latest.ingest.rejectedByReason,
  Math.floor(latest.point.t / 5000)];
