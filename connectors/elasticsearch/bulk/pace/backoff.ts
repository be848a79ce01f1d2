/** The longest wait, so that work goes on soon after an outage. A longer `retry.backoff.ms` is honoured. */
const MAX_BACKOFF_MS = 10_000
const MAX_DOUBLINGS = 20

/**
 * Returns how long to wait before the next attempt: `backoffMs`, doubled for each earlier attempt, of which a random part up
 * to the half is left out, so that tasks do not retry at the same time.
 *
 * Source: RetryUtil. Differs: at least half of the time and at most ten seconds; Java waits any part of up to a day.
 */
export function backoffMs(attempt: number, firstMs: number, random: () => number): number {
  const full = firstMs * 2 ** Math.min(Math.max(0, attempt - 1), MAX_DOUBLINGS)
  const most = Math.max(MAX_BACKOFF_MS, firstMs)
  return Math.round(Math.min(full, most) * (1 - random() / 2))
}
