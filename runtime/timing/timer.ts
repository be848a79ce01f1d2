/** A callback that is still to come. */
export interface Timer {
  cancel(): void
}

/** The longest delay of Node's own timers. With a longer one they fire after 1 ms. */
const MAX_DELAY_MS = 2 ** 31 - 1

/** Calls `callback` once, after `ms`, which may be longer than Node's own timers allow: even `Infinity`. */
export function startTimer(ms: number, callback: () => void): Timer {
  let current: NodeJS.Timeout | undefined
  const wait = (leftMs: number) => {
    const beyondMs = leftMs - MAX_DELAY_MS
    current = beyondMs > 0 ? setTimeout(() => wait(beyondMs), MAX_DELAY_MS) : setTimeout(callback, leftMs)
  }
  wait(ms)
  return { cancel: () => clearTimeout(current) }
}
