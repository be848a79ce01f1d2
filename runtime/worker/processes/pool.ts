import { ConnectError, type Logger } from '../../../api/index.ts'
import { within } from '../../timing/index.ts'
import { isProcessLoss, type ProcessEnd, type RunningProcess } from './task-process.ts'

/**
 * The purpose of a process. `shared`: any instance. `dedicated`: one connector and its tasks. `quarantine`:
 * instances of a process that ended with an unknown culprit. `inspector`: examines plugins and settings.
 * `trial`: runs code once.
 */
export type ProcessKind = 'shared' | 'dedicated' | 'quarantine' | 'inspector' | 'trial'

/** A process and the instances in it. */
export interface HostedProcess {
  readonly process: RunningProcess
  kind: ProcessKind
  /** Instances, by the name that the worker also uses. */
  readonly members: Set<string>
  /** What a trial runs, for the log. */
  readonly purpose: string | undefined
  /** Members that count as load: tasks do, connectors do not. */
  readonly tasks: Set<string>
}

/** Called with the instances of a process that ended, and the purpose of a trial. */
type EndListener = (end: ProcessEnd, members: readonly string[], purpose: string | undefined) => void

/** The process that examines plugins and settings. */
interface Inspector {
  readonly hosted: HostedProcess
  /** Number of pending calls. */
  calls: number
}

const IDLE_MS = 60_000
/** Covers a script that polls. Starting a process takes half a second of CPU time; an idle one takes 85 MB. */
const INSPECTOR_IDLE_MS = 15_000
const QUARANTINE_MS = 60_000
/** Longest time that a shared process may be busy with its tasks before a call is repeated in the inspector. */
const BUSY_MS = 2000

/**
 * The task processes of a worker: forked on demand, closed when idle for a while.
 *
 * Decides which process an instance runs in. The worker handles the instances of a process that ends.
 */
export class ProcessPool {
  readonly #size: number
  readonly #fork: (kind: ProcessKind) => RunningProcess
  readonly #onEnd: EndListener
  readonly #log: Logger
  readonly #processes = new Set<HostedProcess>()
  readonly #dedicated = new Map<string, HostedProcess>()
  #inspector: Inspector | undefined
  #inspectorIdle: NodeJS.Timeout | undefined
  #closed = false

  constructor(size: number, fork: (kind: ProcessKind) => RunningProcess, onEnd: EndListener, log: Logger) {
    this.#size = size
    this.#fork = fork
    this.#onEnd = onEnd
    this.#log = log
  }

  get processes(): RunningProcess[] {
    return [...this.#processes].map(({ process }) => process)
  }

  /** Returns a shared process and adds the member; `countsAsLoad` determines whether the instance counts as load. */
  share(member: string, countsAsLoad: boolean): HostedProcess {
    const least = this.#leastLoaded()
    const crowded =
      least === undefined || (countsAsLoad && least.tasks.size > 0 && this.#shared().length < this.#size)
    return this.add(crowded ? (this.#idleInspector() ?? this.#open('shared')) : least, member, countsAsLoad)
  }

  /** Returns the process dedicated to a connector, and adds the member. */
  dedicate(connector: string, member: string, countsAsLoad: boolean): HostedProcess {
    const known = this.#dedicated.get(connector) ?? this.#open('dedicated')
    this.#dedicated.set(connector, known)
    return this.add(known, member, countsAsLoad)
  }

  /** Forks a process for suspected instances. After a while without failure it becomes a shared process. */
  quarantine(): HostedProcess {
    const hosted = this.#open('quarantine')
    setTimeout(() => this.#endQuarantine(hosted), QUARANTINE_MS).unref()
    return hosted
  }

  /** Adds a member to a process, and returns the process. */
  add(hosted: HostedProcess, member: string, countsAsLoad: boolean): HostedProcess {
    hosted.members.add(member)
    if (countsAsLoad) hosted.tasks.add(member)
    return hosted
  }

  /**
   * Calls the inspector process. A shared process that is empty becomes the inspector. The inspector becomes a
   * shared process when an instance needs one, and closes after `INSPECTOR_IDLE_MS` without calls.
   */
  async inspect<T>(call: (process: RunningProcess) => Promise<T>): Promise<T> {
    const inspector = (this.#inspector ??= {
      hosted: this.#emptyShared() ?? this.#open('inspector'),
      calls: 0,
    })
    clearTimeout(this.#inspectorIdle)
    inspector.calls++
    try {
      return await call(inspector.hosted.process)
    } finally {
      inspector.calls--
      if (inspector.calls === 0 && this.#inspector === inspector) this.#closeWhenIdle(inspector)
    }
  }

  /**
   * Makes a call that runs no third-party code, waits for nothing outside the process and changes nothing. It goes to
   * the inspector if there is one, else to the shared process with the fewest tasks, which saves a process. The call
   * is repeated in the inspector if that shared process does not respond within `BUSY_MS` or ends.
   */
  async inspectBesideTasks<T>(call: (process: RunningProcess) => Promise<T>): Promise<T> {
    const shared = this.#inspector === undefined ? this.#leastLoaded() : undefined
    if (shared === undefined) return this.inspect(call)
    const called = call(shared.process).catch((error: unknown) => {
      if (isProcessLoss(error)) return NO_RESPONSE
      throw error
    })
    called.catch(() => {}) // rejects late when the process is too busy
    const result = await within(BUSY_MS, called, () => NO_RESPONSE)
    return result === NO_RESPONSE ? this.inspect(call) : (result as T)
  }

  /** Runs a function in a new process, and closes the process afterwards. `purpose` is logged if the process ends. */
  async alone<T>(purpose: string, run: (process: RunningProcess) => Promise<T>): Promise<T> {
    const hosted = this.#open('trial', purpose)
    try {
      return await run(hosted.process)
    } finally {
      await this.#close(hosted)
    }
  }

  /** Removes an instance; its process is closed later if it stays empty. */
  release(member: string): void {
    for (const hosted of this.#processes) {
      if (!hosted.members.delete(member)) continue
      hosted.tasks.delete(member)
      if (hosted.members.size === 0) setTimeout(() => this.#closeIfEmpty(hosted), IDLE_MS).unref()
    }
  }

  /** Ends the process of a member that cannot be stopped, unless it has other members. */
  async evict(member: string): Promise<void> {
    const hosted = [...this.#processes].find(({ members }) => members.has(member))
    if (hosted?.members.size === 1) await this.#close(hosted)
  }

  /** Ends all processes; none is forked afterwards. */
  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#inspectorIdle)
    await Promise.all([...this.#processes].map((hosted) => this.#close(hosted)))
  }

  #open(kind: ProcessKind, purpose?: string): HostedProcess {
    if (this.#closed) throw new ConnectError('HR_CONNECT', 'Worker is shutting down')
    const process = this.#fork(kind)
    const hosted: HostedProcess = { process, kind, members: new Set(), tasks: new Set(), purpose }
    this.#processes.add(hosted)
    this.#log.debug('forked a task process', { pid: hosted.process.pid, kind })
    void hosted.process.ended.then((end) => {
      this.#forget(hosted)
      if (end.kind !== 'closed') this.#onEnd(end, [...hosted.members], purpose)
    })
    return hosted
  }

  #shared(): HostedProcess[] {
    return [...this.#processes].filter(({ kind }) => kind === 'shared')
  }

  #leastLoaded(): HostedProcess | undefined {
    return this.#shared().toSorted((a, b) => a.tasks.size - b.tasks.size)[0]
  }

  /** Turns the inspector into a shared process; returns undefined while it has calls. */
  #idleInspector(): HostedProcess | undefined {
    const inspector = this.#inspector
    if (inspector === undefined || inspector.calls > 0) return undefined
    clearTimeout(this.#inspectorIdle)
    this.#inspector = undefined
    inspector.hosted.kind = 'shared'
    return inspector.hosted
  }

  /** Turns a shared process without instances into the inspector. */
  #emptyShared(): HostedProcess | undefined {
    const empty = this.#shared().find(({ members }) => members.size === 0)
    if (empty !== undefined) empty.kind = 'inspector'
    return empty
  }

  #closeWhenIdle({ hosted }: Inspector): void {
    this.#inspectorIdle = setTimeout(() => void this.#close(hosted), INSPECTOR_IDLE_MS)
    this.#inspectorIdle.unref()
  }

  #closeIfEmpty(hosted: HostedProcess): void {
    const { kind, members } = hosted
    if (kind !== 'inspector' && members.size === 0 && this.#processes.has(hosted)) void this.#close(hosted)
  }

  async #close(hosted: HostedProcess): Promise<void> {
    this.#forget(hosted)
    await hosted.process.close()
  }

  #forget(hosted: HostedProcess): void {
    this.#processes.delete(hosted)
    if (this.#inspector?.hosted === hosted) this.#inspector = undefined
    for (const [connector, known] of this.#dedicated) if (known === hosted) this.#dedicated.delete(connector)
  }

  #endQuarantine(hosted: HostedProcess): void {
    if (!this.#processes.delete(hosted)) return
    hosted.kind = 'shared'
    this.#processes.add(hosted)
  }
}

const NO_RESPONSE = Symbol('no response')
