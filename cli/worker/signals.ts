const SIGNALS = ['SIGINT', 'SIGTERM'] as const
const SIGNAL_BASE = 128
const numbers = { SIGINT: 2, SIGTERM: 15 } as const

/** Resolves at the first request to stop; a second one ends the process at once, and its task processes with it. */
export function stopRequested(): Promise<void> {
  return new Promise((resolve) => {
    let asked = false
    for (const signal of SIGNALS) {
      process.on(signal, () => {
        if (asked) process.exit(SIGNAL_BASE + numbers[signal])
        asked = true
        resolve()
      })
    }
  })
}
