import { readFileSync } from 'node:fs'

/** What the system's scheduler knows of a process. */
export interface Scheduling {
  /** It could run, but may be waiting for a processor. */
  readonly runnable: boolean
  /** Processor time used since its start, in milliseconds. */
  readonly usedMs: number
}

/** Longest time without an answer, however little processor time the process got. */
const LONGEST_SILENCE_MS = 60_000

/**
 * Decides when a process that does not answer has hung: when it blocks, or has used a processor for as long as the
 * timeout. One that waits for a processor has not: on a machine that is too busy, starting its instances again
 * elsewhere would only add to the load.
 */
export class StallWatch {
  readonly #scheduling: () => Scheduling | undefined
  #silentMs = 0
  #usedMs = 0

  /** `scheduling` returns undefined where the system does not tell; then only time counts. */
  constructor(scheduling: () => Scheduling | undefined) {
    this.#scheduling = scheduling
  }

  answered(): void {
    this.#silentMs = 0
  }

  /** Another `ms` have passed without an answer. Returns whether the process counts as hung. */
  silentFor(ms: number, timeoutMs: number): boolean {
    if (this.#silentMs === 0) this.#usedMs = this.#scheduling()?.usedMs ?? 0
    this.#silentMs += ms
    if (this.#silentMs < timeoutMs) return false
    if (this.#silentMs >= Math.max(timeoutMs, LONGEST_SILENCE_MS)) return true
    const now = this.#scheduling()
    return now === undefined || !now.runnable || now.usedMs - this.#usedMs >= timeoutMs
  }
}

/** Places in /proc/N/stat behind the name in brackets. See proc(5). */
const place = { state: 0, user: 11, system: 12 } as const
const TICK_MS = 10

/** Returns undefined on systems without `/proc`, and for a process that is gone. */
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
