const SIGNALS = ['SIGINT', 'SIGTERM'] as const
const SIGNAL_BASE = 128
const numbers = { SIGINT: 2, SIGTERM: 15 } as const

/**
 * Returns a signal that aborts on the first SIGINT or SIGTERM, or when `alsoAfter` resolves. The next SIGINT or
 * SIGTERM ends the process and its task processes immediately.
 */
export function stopSignal(alsoAfter: Promise<void>): AbortSignal {
  const stop = new AbortController()
  void alsoAfter.then(() => stop.abort(new Error('the worker was asked to stop')))
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      if (stop.signal.aborted) process.exit(SIGNAL_BASE + numbers[signal])
      stop.abort(new Error(`the worker was stopped by ${signal}`))
    })
  }
  return stop.signal
}
