import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'

/** Time that a worker whose start fails may take to close its parts, in milliseconds. */
const CLOSE_TIMEOUT_MS = 5000

type Close = () => Promise<void>

/** Parts of a starting worker, closed again if the start fails. */
export class OpenedParts {
  readonly #parts: Close[] = []
  #closed = false

  /** Registers a part. After {@link close}, closes it immediately. */
  add(close: Close): void {
    if (this.#closed)
      void close().catch(() => {}) // the failed start has been reported
    else this.#parts.push(close)
  }

  /** Closes all parts, newest first. Resolves when they are closed, after five seconds at the latest. */
  async close(): Promise<void> {
    this.#closed = true
    const closing = Promise.allSettled(this.#parts.toReversed().map(async (close) => close()))
    await Promise.race([closing, sleep(CLOSE_TIMEOUT_MS, undefined, { ref: false })])
  }
}

/** Settles like `promise`, or rejects with the reason of `signal` when it aborts. Does not cancel `promise`. */
export async function unlessAborted<T>(signal: AbortSignal, promise: Promise<T>): Promise<T> {
  const settled = new AbortController()
  try {
    return await Promise.race([promise, rejectOnAbort(signal, settled.signal)])
  } finally {
    settled.abort()
  }
}

async function rejectOnAbort(signal: AbortSignal, settled: AbortSignal): Promise<never> {
  if (!signal.aborted) await once(signal, 'abort', { signal: settled })
  throw signal.reason
}
