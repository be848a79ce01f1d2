import { ConnectError, type Logger } from '../../../api/index.ts'
import type { ProcessEnd, RunningProcess } from './task-process.ts'

/**
 * The purpose of a process. `shared`: any instance. `dedicated`: one connector and its tasks. `probation`:
 * instances of a process that ended with an unknown culprit. `inspector`: examines plugins and settings.
 * `trial`: runs code once.
 */
export type ProcessKind = 'shared' | 'dedicated' | 'probation' | 'inspector' | 'trial'

/** A process and the instances in it. */
export interface Dwelling {
  readonly process: RunningProcess
  kind: ProcessKind
  /** Instances, by the name that the worker also uses. */
  readonly members: Set<string>
  /** Members that count as load: tasks do, connectors do not. */
  readonly tasks: Set<string>
}

/** The process that examines plugins and settings. */
interface Inspector {
  readonly dwelling: Dwelling
  /** Number of pending calls. */
  calls: number
}

const IDLE_MS = 60_000
/** Covers a script that polls. Starting a process takes half a second of CPU time; an idle one takes 85 MB. */
const INSPECTOR_IDLE_MS = 15_000
const CALM_MS = 60_000

/**
 * The task processes of a worker: forked on demand, closed when idle for a while.
 *
 * Decides which process an instance runs in. The worker handles the instances of a process that ends.
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

  /** Returns a home in a shared process; `weighs` determines whether the instance counts as load. */
  share(member: string, weighs: boolean): Dwelling {
    const shared = [...this.#dwellings].filter(({ kind }) => kind === 'shared')
    const least = shared.toSorted((a, b) => a.tasks.size - b.tasks.size)[0]
    const crowded = least === undefined || (weighs && least.tasks.size > 0 && shared.length < this.#size)
    return this.#settle(crowded ? (this.#idleInspector() ?? this.#open('shared')) : least, member, weighs)
  }

  /** Returns a home in the process dedicated to a connector. */
  dedicate(connector: string, member: string, weighs: boolean): Dwelling {
    const known = this.#dedicated.get(connector) ?? this.#open('dedicated')
    this.#dedicated.set(connector, known)
    return this.#settle(known, member, weighs)
  }

  /** Forks a process for suspected instances. After a while without failure it becomes a shared process. */
  probation(): Dwelling {
    const dwelling = this.#open('probation')
    setTimeout(() => this.#rehabilitate(dwelling), CALM_MS).unref()
    return dwelling
  }

  settleIn(dwelling: Dwelling, member: string, weighs: boolean): void {
    this.#settle(dwelling, member, weighs)
  }

  /**
   * Calls the inspector process. A shared process that is empty becomes the inspector. The inspector becomes a
   * shared process when an instance needs one, and closes after `INSPECTOR_IDLE_MS` without calls.
   */
  async inspect<T>(call: (process: RunningProcess) => Promise<T>): Promise<T> {
    const inspector = (this.#inspector ??= {
      dwelling: this.#emptyShared() ?? this.#open('inspector'),
      calls: 0,
    })
    clearTimeout(this.#inspectorIdle)
    inspector.calls++
    try {
      return await call(inspector.dwelling.process)
    } finally {
      inspector.calls--
      if (inspector.calls === 0 && this.#inspector === inspector) this.#closeWhenIdle(inspector)
    }
  }

  /** Runs a function in a process of its own, and closes that process afterwards. */
  async alone<T>(run: (process: RunningProcess) => Promise<T>): Promise<T> {
    const dwelling = this.#open('trial')
    try {
      return await run(dwelling.process)
    } finally {
      await this.#close(dwelling)
    }
  }

  /** Removes an instance; its process is closed later if it stays empty. */
  release(member: string): void {
    for (const dwelling of this.#dwellings) {
      if (!dwelling.members.delete(member)) continue
      dwelling.tasks.delete(member)
      if (dwelling.members.size === 0) setTimeout(() => this.#closeIfEmpty(dwelling), IDLE_MS).unref()
    }
  }

  /** Ends the process of a member that cannot be stopped, unless it has other members. */
  async evict(member: string): Promise<void> {
    const dwelling = [...this.#dwellings].find(({ members }) => members.has(member))
    if (dwelling?.members.size === 1) await this.#close(dwelling)
  }

  /** Ends all processes; none is forked afterwards. */
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

  /** Turns the inspector into a shared process; returns undefined while it has calls. */
  #idleInspector(): Dwelling | undefined {
    const inspector = this.#inspector
    if (inspector === undefined || inspector.calls > 0) return undefined
    clearTimeout(this.#inspectorIdle)
    this.#inspector = undefined
    inspector.dwelling.kind = 'shared'
    return inspector.dwelling
  }

  /** Turns a shared process without instances into the inspector. */
  #emptyShared(): Dwelling | undefined {
    const empty = [...this.#dwellings].find(({ kind, members }) => kind === 'shared' && members.size === 0)
    if (empty !== undefined) empty.kind = 'inspector'
    return empty
  }

  #closeWhenIdle({ dwelling }: Inspector): void {
    this.#inspectorIdle = setTimeout(() => void this.#close(dwelling), INSPECTOR_IDLE_MS)
    this.#inspectorIdle.unref()
  }

  #closeIfEmpty(dwelling: Dwelling): void {
    const { kind, members } = dwelling
    if (kind !== 'inspector' && members.size === 0 && this.#dwellings.has(dwelling))
      void this.#close(dwelling)
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
    dwelling.kind = 'shared'
    this.#dwellings.add(dwelling)
  }
}
