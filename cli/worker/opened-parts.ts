import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'

/** How long a worker that does not come up may take to close what it has opened. */
const CLOSE_TIMEOUT_MS = 5000

type Close = () => Promise<void>

/** What a worker has opened while it starts, to be closed when it does not come up. */
export class OpenedParts {
  readonly #parts: Close[] = []
  #closed = false

  /** A part that comes after {@link close} is closed at once. */
  add(close: Close): void {
    if (this.#closed)
      void close().catch(() => {}) // why the start failed has been reported
    else this.#parts.push(close)
  }

  /** Closes all parts, and waits for them, but not for longer than five seconds. */
  async close(): Promise<void> {
    this.#closed = true
    const closing = Promise.allSettled(this.#parts.toReversed().map(async (close) => close()))
    await Promise.race([closing, sleep(CLOSE_TIMEOUT_MS, undefined, { ref: false })])
  }
}

/** What `promise` resolves to; rejects with the reason of the signal once that is aborted. The promise itself goes on. */
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
