const SIGNALS = ['SIGINT', 'SIGTERM'] as const
const SIGNAL_BASE = 128
const numbers = { SIGINT: 2, SIGTERM: 15 } as const

type StopSignalName = (typeof SIGNALS)[number]

/**
 * Aborts on the first SIGINT or SIGTERM. The next one ends the process and its task processes immediately. Imports
 * nothing, so that it can listen before other modules are loaded.
 */
export class StopSignal {
  readonly #stop = new AbortController()
  #received: StopSignalName | undefined

  constructor() {
    for (const name of SIGNALS) process.on(name, this.#receive)
  }

  get signal(): AbortSignal {
    return this.#stop.signal
  }

  /** Aborts the signal when the promise resolves, too. */
  alsoAfter(event: Promise<void>): void {
    void event.then(() => this.#stop.abort(new Error('the worker was asked to stop')))
  }

  /** Restores the default effect of the signals: they end the process, as does one that has already arrived. */
  release(): void {
    for (const name of SIGNALS) process.off(name, this.#receive)
    if (this.#received !== undefined) process.kill(process.pid, this.#received)
  }

  readonly #receive = (name: StopSignalName): void => {
    if (this.#stop.signal.aborted) process.exit(SIGNAL_BASE + numbers[name])
    this.#received = name
    this.#stop.abort(new Error(`the worker was stopped by ${name}`))
  }
}
