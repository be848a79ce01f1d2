/** A scheduled callback. */
export interface Timer {
  cancel(): void
}

/** The maximum delay of Node's timers. A timer with a longer delay fires after 1 ms. */
const MAX_DELAY_MS = 2 ** 31 - 1

/**
 * Calls `callback` once, after `ms`, which may exceed the maximum delay of Node's timers, even `Infinity`.
 */
export function startTimer(ms: number, callback: () => void): Timer {
  let current: NodeJS.Timeout | undefined
  const wait = (leftMs: number) => {
    const beyondMs = leftMs - MAX_DELAY_MS
    current = beyondMs > 0 ? setTimeout(() => wait(beyondMs), MAX_DELAY_MS) : setTimeout(callback, leftMs)
  }
  wait(ms)
  return { cancel: () => clearTimeout(current) }
}
