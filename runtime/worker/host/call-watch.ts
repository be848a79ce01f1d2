import type { Logger } from '../../../api/index.ts'
import type { Blocked } from '../../kafka/index.ts'

/** Time after which a call that has not returned is reported, in milliseconds. */
const REPORT_MS = 30_000
const REMIND_MS = 60_000

/** Name of the calls that resolve the variables in settings. */
export const RESOLVING = 'get() of a config provider'

/** A call that has been reported. */
interface LateCall extends Blocked {
  readonly name: string
}

/**
 * Reports calls that start a connector or task and do not return: one WARN after 30 seconds, one each minute, and one
 * INFO when the call returns. Its timers do not keep the process alive.
 *
 * Differs: Java reports nothing; the status stays UNASSIGNED in both.
 */
export class CallWatch {
  readonly #owner: string
  readonly #log: Logger
  readonly #changed: (blocked: Blocked | null) => void
  readonly #timers = new Set<NodeJS.Timeout>()
  /** Oldest first. */
  #late: LateCall[] = []
  #closed = false

  /** Each line names `owner`; `changed` is called whenever the oldest late call changes. */
  constructor(owner: string, log: Logger, changed: (blocked: Blocked | null) => void) {
    this.#owner = owner
    this.#log = log
    this.#changed = changed
  }

  /** Settles like `call()`; `name` is the name of the plugin's method. */
  async during<T>(name: string, call: () => Promise<T>): Promise<T> {
    if (this.#closed) return call()
    const late: LateCall = { name, since: Date.now(), reason: `${name} has not returned` }
    const forget = this.#remind(late)
    try {
      const result = await call()
      this.#ended(late, 'returned')
      return result
    } catch (error) {
      this.#ended(late, 'failed')
      throw error
    } finally {
      forget()
    }
  }

  /** Stops reporting. Called when the owner is being stopped. */
  close(): void {
    this.#closed = true
    for (const timer of this.#timers) clearTimeout(timer)
    if (this.#late.length > 0) this.#setLate([])
  }

  /** Logs warnings repeatedly until the returned function is called. */
  #remind(call: LateCall): () => void {
    let timer: NodeJS.Timeout
    const wait = (ms: number) => {
      timer = setTimeout(() => {
        this.#timers.delete(timer)
        this.#warn(call)
        wait(REMIND_MS)
      }, ms)
      this.#timers.add(timer.unref())
    }
    wait(REPORT_MS)
    return () => {
      clearTimeout(timer)
      this.#timers.delete(timer)
    }
  }

  #warn(call: LateCall): void {
    const calledAt = new Date(call.since).toISOString()
    this.#log.warn(`${this.#owner}: ${call.name} was called at ${calledAt} and has not returned`)
    if (!this.#late.includes(call)) this.#setLate([...this.#late, call].toSorted((a, b) => a.since - b.since))
  }

  #ended(call: LateCall, how: 'returned' | 'failed'): void {
    if (!this.#late.includes(call)) return
    const seconds = Math.round((Date.now() - call.since) / 1000)
    this.#log.info(`${this.#owner}: ${call.name} has ${how} after ${seconds} s`)
    this.#setLate(this.#late.filter((other) => other !== call))
  }

  #setLate(late: LateCall[]): void {
    const before = this.#late[0]
    this.#late = late
    const [oldest] = late
    if (oldest !== before)
      this.#changed(oldest === undefined ? null : { since: oldest.since, reason: oldest.reason })
  }
}
