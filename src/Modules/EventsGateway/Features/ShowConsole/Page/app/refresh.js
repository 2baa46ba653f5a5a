import { onLive } from './live.js';

/**
 * Calls `load` now, and again when the numbers that `watched` picks have changed: at most once in `pause`
 * milliseconds, never two at a time. Returns what ends it.
 */
export function refresh(load, watched, pause) {
  let seen;
  let isBusy = false;
  let isEnded = false;
  let last = 0;
  const run = async () => {
    isBusy = true;
    last = Date.now();
    try {
      await load();
    } finally {
      isBusy = false;
    }
  };
  run();
  const leave = onLive(live => {
    if (!live.latest || isBusy || isEnded) return;
    const numbers = JSON.stringify(watched(live.latest));
    seen ??= numbers;
    if (numbers === seen || Date.now() - last < pause) return;
    seen = numbers;
    run();
  });
  return () => {
    isEnded = true;
    leave();
  };
}

/** What changes whenever an event comes or is settled, by whichever process. */
export const eventNumbers = latest => {
  const { accepted, pending, processed, failed } = latest.counts ?? {};
  return [accepted, pending, processed, failed, latest.totals.accepted, latest.totals.retries];
};

export const failureNumbers = latest => [latest.counts?.failed, latest.totals.failed];

export const refusalNumbers = latest => [latest.totals.rejected, latest.door.rejectedByReason];
