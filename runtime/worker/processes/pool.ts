import { ConnectError, type Logger } from '../../../api/index.ts'
import type { ProcessEnd, RunningProcess } from './task-process.ts'

/**
 * Whom a process is for. `shared`: any instance. `dedicated`: one connector and its tasks. `probation`: instances of
 * a process that died without saying because of whom. `inspector`: looking at plugins and settings. `trial`: code that
 * is run once.
 */
export type ProcessKind = 'shared' | 'dedicated' | 'probation' | 'inspector' | 'trial'

/** A process and who lives in it. */
export interface Dwelling {
  readonly process: RunningProcess
  readonly kind: ProcessKind
  /** Instances, by a name that is the same here and with the worker. */
  readonly members: Set<string>
  /** Members that count as load: tasks do, connectors do not. */
  readonly tasks: Set<string>
}

/** The process that looks at plugins and settings. */
interface Inspector {
  readonly dwelling: Dwelling
  /** Calls that have not been answered. */
  calls: number
}

const IDLE_MS = 60_000
/** Covers a script that asks again and again. A new process takes less than a second to start; this one takes 70 MB. */
const INSPECTOR_IDLE_MS = 15_000
const CALM_MS = 60_000

/**
 * The task processes of a worker: forked when first needed, closed when idle for a while.
 *
 * It decides where instances live. What becomes of them when their process ends is the worker's business.
 */
export class ProcessPool {
  readonly #size: number
  readonly #fork: (kind: ProcessKind) => RunningProcess
  readonly #onEnd: (end: ProcessEnd, members: readonly string[]) => void
  readonly #log: Logger
  readonly #dwellings = new Set<Dwelling>()
  readonly #dedicated = new Map<string, Dwelling>()
  #inspector: Inspector | undefined
  #inspectorIdle: NodeJS.Timeout | undefined
  #closed = false

  constructor(
    size: number,
    fork: (kind: ProcessKind) => RunningProcess,
    onEnd: (end: ProcessEnd, members: readonly string[]) => void,
    log: Logger,
  ) {
    this.#size = size
    this.#fork = fork
    this.#onEnd = onEnd
    this.#log = log
  }

  get processes(): RunningProcess[] {
    return [...this.#dwellings].map(({ process }) => process)
  }

  /** A home in a process that is shared; `weighs` says whether the instance counts as load. */
  share(member: string, weighs: boolean): Dwelling {
    const shared = [...this.#dwellings].filter(({ kind }) => kind === 'shared')
    const least = shared.toSorted((a, b) => a.tasks.size - b.tasks.size)[0]
    const crowded = least === undefined || (weighs && least.tasks.size > 0 && shared.length < this.#size)
    return this.#settle(crowded ? this.#open('shared') : least, member, weighs)
  }

  /** A home in the process of one connector. */
  dedicate(connector: string, member: string, weighs: boolean): Dwelling {
    const known = this.#dedicated.get(connector) ?? this.#open('dedicated')
    this.#dedicated.set(connector, known)
    return this.#settle(known, member, weighs)
  }

  /** A new process for instances of which one is under suspicion. After a while without trouble it is like any other. */
  probation(): Dwelling {
    const dwelling = this.#open('probation')
    setTimeout(() => this.#rehabilitate(dwelling), CALM_MS).unref()
    return dwelling
  }

  settleIn(dwelling: Dwelling, member: string, weighs: boolean): void {
    this.#settle(dwelling, member, weighs)
  }

  /** Calls the inspector process, which closes once it has had nothing to answer for `INSPECTOR_IDLE_MS`. */
  async inspect<T>(call: (process: RunningProcess) => Promise<T>): Promise<T> {
    const inspector = (this.#inspector ??= { dwelling: this.#open('inspector'), calls: 0 })
    clearTimeout(this.#inspectorIdle)
    inspector.calls++
    try {
      return await call(inspector.dwelling.process)
    } finally {
      inspector.calls--
      if (inspector.calls === 0 && this.#inspector === inspector) this.#closeWhenIdle(inspector)
    }
  }

  /** Runs something in a process of its own, which ends with it. */
  async alone<T>(run: (process: RunningProcess) => Promise<T>): Promise<T> {
    const dwelling = this.#open('trial')
    try {
      return await run(dwelling.process)
    } finally {
      await this.#close(dwelling)
    }
  }

  /** The instance is gone; its process goes too when it stays empty. */
  release(member: string): void {
    for (const dwelling of this.#dwellings) {
      if (!dwelling.members.delete(member)) continue
      dwelling.tasks.delete(member)
      if (dwelling.members.size === 0) setTimeout(() => this.#closeIfEmpty(dwelling), IDLE_MS).unref()
    }
  }

  /** Ends the process of a member that cannot be stopped, unless others live there. */
  async evict(member: string): Promise<void> {
    const dwelling = [...this.#dwellings].find(({ members }) => members.has(member))
    if (dwelling?.members.size === 1) await this.#close(dwelling)
  }

  /** Ends all processes; none is forked from then on. */
  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#inspectorIdle)
    await Promise.all([...this.#dwellings].map((dwelling) => this.#close(dwelling)))
  }

  #settle(dwelling: Dwelling, member: string, weighs: boolean): Dwelling {
    dwelling.members.add(member)
    if (weighs) dwelling.tasks.add(member)
    return dwelling
  }

  #open(kind: ProcessKind): Dwelling {
    if (this.#closed) throw new ConnectError('HR_CONNECT', 'Worker is shutting down')
    const dwelling: Dwelling = { process: this.#fork(kind), kind, members: new Set(), tasks: new Set() }
    this.#dwellings.add(dwelling)
    this.#log.debug('forked a task process', { pid: dwelling.process.pid, kind })
    void dwelling.process.ended.then((end) => {
      this.#forget(dwelling)
      if (end.kind !== 'closed') this.#onEnd(end, [...dwelling.members])
    })
    return dwelling
  }

  #closeWhenIdle({ dwelling }: Inspector): void {
    this.#inspectorIdle = setTimeout(() => void this.#close(dwelling), INSPECTOR_IDLE_MS)
    this.#inspectorIdle.unref()
  }

  #closeIfEmpty(dwelling: Dwelling): void {
    if (dwelling.members.size === 0 && this.#dwellings.has(dwelling)) void this.#close(dwelling)
  }

  async #close(dwelling: Dwelling): Promise<void> {
    this.#forget(dwelling)
    await dwelling.process.close()
  }

  #forget(dwelling: Dwelling): void {
    this.#dwellings.delete(dwelling)
    if (this.#inspector?.dwelling === dwelling) this.#inspector = undefined
    for (const [connector, known] of this.#dedicated)
      if (known === dwelling) this.#dedicated.delete(connector)
  }

  #rehabilitate(dwelling: Dwelling): void {
    if (!this.#dwellings.delete(dwelling)) return
    this.#dwellings.add(Object.assign(dwelling, { kind: 'shared' as const }))
  }
}
