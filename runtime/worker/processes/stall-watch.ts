import { readFileSync } from 'node:fs'

/** The state of a process in the scheduler of the operating system. */
export interface Scheduling {
  /** Whether it is runnable, though it may be waiting for a CPU. */
  readonly runnable: boolean
  /** CPU time used since its start, in milliseconds. */
  readonly usedMs: number
}

/** Maximum time without a response, regardless of the CPU time used. */
const LONGEST_SILENCE_MS = 60_000

/** A process that had this much more time than the timeout was waiting for a CPU. */
const NOTABLE_MS = 1000

/**
 * Decides whether a process that does not respond hangs: it does if it blocks, or has used the CPU for the timeout. A
 * process that waits for a CPU does not hang: on an overloaded machine, restarting its instances elsewhere would only
 * add to the load.
 */
export class StallWatch {
  readonly #scheduling: () => Scheduling | undefined
  #silentMs = 0
  #usedMs = 0

  /** `scheduling` returns undefined on systems without this information; then only the time counts. */
  constructor(scheduling: () => Scheduling | undefined) {
    this.#scheduling = scheduling
  }

  answered(): void {
    this.#silentMs = 0
  }

  /** Called when another `ms` have passed without a response. Returns whether the process counts as hanging. */
  silentFor(ms: number, timeoutMs: number): boolean {
    if (this.#silentMs === 0) this.#usedMs = this.#scheduling()?.usedMs ?? 0
    this.#silentMs += ms
    if (this.#silentMs < timeoutMs) return false
    if (this.#silentMs >= Math.max(timeoutMs, LONGEST_SILENCE_MS)) return true
    const now = this.#scheduling()
    return now === undefined || !now.runnable || now.usedMs - this.#usedMs >= timeoutMs
  }

  /** Returns how long the process has not responded: `5000 ms`, or `19 s, of which it ran for 5010 ms`. */
  silence(timeoutMs: number): string {
    const now = this.#scheduling()
    if (now === undefined || this.#silentMs < timeoutMs + NOTABLE_MS) return `${timeoutMs} ms`
    return `${Math.round(this.#silentMs / 1000)} s, of which it ran for ${now.usedMs - this.#usedMs} ms`
  }
}

/** Indexes of fields in /proc/N/stat, counted from the field after the name in parentheses. See proc(5). */
const place = { state: 0, user: 11, system: 12 } as const
const TICK_MS = 10

/** Returns undefined on systems without `/proc`, and for a process that has exited. */
export function schedulingOf(pid: number): Scheduling | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const usedMs = (Number(fields[place.user]) + Number(fields[place.system])) * TICK_MS
    return { runnable: fields[place.state] === 'R', usedMs }
  } catch {
    return undefined
  }
}
