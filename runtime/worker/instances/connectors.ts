import { ConnectError, type Props, type TaskProps } from '../../../api/index.ts'
import { traceOf } from '../../errors/index.ts'
import type { Blocked } from '../../kafka/index.ts'
import type { TargetState } from '../../stores/index.ts'
import { unlessAborted, within } from '../../timing/index.ts'
import { receivedError } from '../channel.ts'
import type { HostedProcess } from '../processes/pool.ts'
import type { ConnectorStarted, HostEvents } from '../protocol.ts'
import type { ConnectorEntry, PendingStart } from './entries.ts'
import { isProcessLoss } from '../processes/task-process.ts'
import { chooseProcess, reportSlowStart, type InstanceParts } from './instance-parts.ts'
import { RestartBudget } from './restart-budget.ts'

const CONNECTOR_STOP_MS = 5000

export interface WorkerConnectorParts extends InstanceParts {
  /** Returns the version of a connector by its class; null when it is unknown. */
  versionOf(className: string): string | null
}

/**
 * The connectors of a worker, each in transition to its target state. Source: WorkerConnector.
 *
 * Invariant 5: a start that is no longer wanted is not sent; one that was sent is stopped by its run. A
 * connector is in at most one process; its successor starts after it has stopped.
 */
export class WorkerConnectors {
  readonly #parts: WorkerConnectorParts
  readonly #entries = new Map<string, ConnectorEntry>()
  /** Connectors that are being removed. */
  readonly #stops = new Map<string, Promise<void>>()

  constructor(parts: WorkerConnectorParts) {
    this.#parts = parts
  }

  get all(): Iterable<ConnectorEntry> {
    return this.#entries.values()
  }
  get names(): string[] {
    return [...this.#entries.keys()]
  }
  has(name: string): boolean {
    return this.#entries.has(name)
  }
  /** The reasons why connectors are blocked, by name, without those that are not blocked. */
  blocked(): Map<string, Blocked> {
    return new Map([...this.all].flatMap(({ name, blocked }) => (blocked === null ? [] : [[name, blocked]])))
  }
  isStarted(name: string): boolean {
    return this.#entries.get(name)?.state === 'started'
  }

  /**
   * Adds a connector, and starts it unless its target state prevents that. Waits for a connector of the same
   * name that is still stopping. Throws when the start fails; the worker then lists the connector as failed.
   */
  async start(name: string, props: Props, target: TargetState): Promise<void> {
    if (this.#entries.has(name))
      throw new ConnectError('HR_CONNECT', `Connector with name ${name} already exists`)
    const entry: ConnectorEntry = {
      kind: 'connector',
      member: `connector ${name}`,
      owner: this.#parts.newOwner(),
      name,
      props,
      run: 0,
      state: 'starting',
      target,
      hosted: undefined,
      process: undefined,
      ended: new AbortController(),
      starting: undefined,
      transition: this.#stops.get(name) ?? Promise.resolve(),
      version: this.#parts.versionOf(props['connector.class'] ?? ''),
      blocked: null,
      restarts: new RestartBudget(),
    }
    this.#entries.set(name, entry)
    reportSlowStart(
      () => this.#has(entry) && entry.state === 'starting',
      () => this.#parts.listener.connectorDelayed(name, entry.version),
    )
    await this.#toTarget(entry)
  }

  /** Moves a connector to another target state. Throws when it has failed, or fails during the transition. */
  async setTarget(name: string, target: TargetState): Promise<void> {
    const entry = this.#entries.get(name)
    if (entry === undefined) return
    if (entry.state === 'failed' && target !== 'STOPPED') throw failedTransition(target)
    entry.target = target
    await this.#toTarget(entry)
  }

  /** Stops and removes a connector. Resolves when it has stopped, for concurrent callers too. */
  async stop(name: string): Promise<void> {
    const entry = this.#entries.get(name)
    if (entry === undefined) return this.#stops.get(name)
    this.#entries.delete(name)
    cancelStart(entry)
    const stopped = entry.transition.then(() => this.#remove(entry))
    this.#stops.set(name, stopped)
    await stopped
    if (this.#stops.get(name) === stopped) this.#stops.delete(name)
  }

  /**
   * Returns the task settings of a started connector. Throws `HR_TOO_MANY_TASKS`, the connector's errors, and
   * `HR_CONNECT` when the connector stops or restarts before it responds.
   */
  async taskConfigs(name: string): Promise<TaskProps[]> {
    const entry = this.#entries.get(name)
    if (entry?.process === undefined) throw new ConnectError('HR_CONNECT', `Connector ${name} is not started`)
    return unlessAborted(entry.process.remote.taskConfigs(name), entry.ended.signal)
  }

  readonly events: Pick<HostEvents, 'connectorFailed' | 'connectorBlocked' | 'reconfigurationRequested'> = {
    connectorBlocked: (name, run, blocked) => {
      const entry = this.#entries.get(name)
      if (entry?.run === run) entry.blocked = blocked
    },
    connectorFailed: (name, run, trace, version) => {
      const entry = this.#entries.get(name)
      if (entry?.run === run) this.#failed(entry, trace, version)
    },
    reconfigurationRequested: (name, run) => {
      if (this.#entries.get(name)?.run === run && this.isStarted(name))
        this.#parts.listener.reconfigurationRequested(name)
    },
  }

  /** Called when its process ended through no fault of the connector, which then waits for {@link resume}. */
  suspend(entry: ConnectorEntry): void {
    if (!this.#has(entry) || (entry.state !== 'started' && entry.starting === undefined)) return
    Object.assign(entry, { state: 'starting', blocked: null })
    entry.starting ??= pendingStart()
    this.#parts.listener.connectorRestarting(entry.name)
  }

  /** Starts a connector without a process, if it is still wanted; `choose` returns the process. */
  resume(entry: ConnectorEntry, choose = () => this.#chooseProcess(entry)): void {
    if (!this.#has(entry) || entry.starting === undefined || entry.hosted !== undefined) return
    this.#launch(entry, entry.starting, choose(), true)
  }

  /** Fails a connector that caused its process to end, or whose process was killed too often. */
  failWith(entry: ConnectorEntry, cause: ConnectError): void {
    this.#failed(entry, traceOf(cause), entry.version)
    entry.starting?.reject(startFailure(entry.name, cause))
    entry.starting = undefined
  }

  #has(entry: ConnectorEntry): boolean {
    return this.#entries.get(entry.name) === entry
  }

  #failed(entry: ConnectorEntry, trace: string, version: string | null): void {
    if (entry.state === 'failed') return
    Object.assign(entry, { state: 'failed', blocked: null })
    this.#parts.listener.connectorFailed(entry.name, trace, version)
  }

  /**
   * Runs transitions one after another, each to the target state at that time. None waits for a start that is
   * not wanted.
   */
  #toTarget(entry: ConnectorEntry): Promise<void> {
    if (entry.target !== 'STARTED') cancelStart(entry)
    const transition = entry.transition.then(() => this.#move(entry))
    entry.transition = transition.catch(() => {}) // reported to the caller of the transition
    return transition
  }

  async #move(entry: ConnectorEntry): Promise<void> {
    if (!this.#has(entry) || (entry.target === 'STARTED' && entry.state === 'started')) return
    const failed = entry.state === 'failed'
    if (failed && entry.target !== 'STOPPED') throw failedTransition(entry.target)
    if (!failed) entry.state = entry.target === 'STARTED' ? 'starting' : 'stopped'
    await this.#stopInstance(entry)
    if (!this.#has(entry)) return
    const { name, target, version } = entry
    if (target === 'STARTED') return this.#startInstance(entry)
    if (target === 'PAUSED') {
      entry.state = 'paused'
      this.#parts.listener.connectorPaused(name, version)
    } else if (!failed) {
      entry.state = 'stopped'
      this.#parts.listener.connectorStopped(name, version)
    }
  }

  /**
   * Resolves when the connector runs, in whichever process, or is no longer wanted; rejects when the start
   * fails.
   */
  #startInstance(entry: ConnectorEntry): Promise<void> {
    const starting = pendingStart()
    entry.state = 'starting'
    entry.starting = starting
    this.#launch(entry, starting, this.#chooseProcess(entry), false)
    return starting.done
  }

  #launch(entry: ConnectorEntry, starting: PendingStart, hosted: HostedProcess, again: boolean): void {
    const run = this.#parts.newRun()
    Object.assign(entry, { run, hosted, process: undefined, blocked: null, ended: new AbortController() })
    const isWanted = () => this.#has(entry) && entry.starting === starting && entry.run === run
    void this.#send(entry, hosted, isWanted).then(
      (answer) => {
        if (answer === undefined || !isWanted()) return
        entry.version = answer.version
        if (answer.failure === undefined) this.#started(entry, starting, answer.ttlMs, again)
        else this.#startFailed(entry, starting, receivedError(answer.failure), answer.version)
      },
      (error: unknown) => {
        if (!isProcessLoss(error) && isWanted()) this.#startFailed(entry, starting, error, null)
      },
    )
  }

  /** Resolves to undefined when the start is no longer wanted once the process is ready. */
  async #send(
    entry: ConnectorEntry,
    { process }: HostedProcess,
    isWanted: () => boolean,
  ): Promise<ConnectorStarted | undefined> {
    await process.ready
    if (!isWanted()) return undefined
    entry.process = process
    const { name, owner, run, props } = entry
    return process.remote.startConnector({ name, owner, run, props })
  }

  #started(entry: ConnectorEntry, starting: PendingStart, ttlMs: number | undefined, again: boolean): void {
    const { listener } = this.#parts
    entry.state = 'started'
    entry.starting = undefined
    listener.connectorRunning(entry.name, entry.version ?? '')
    if (ttlMs !== undefined) listener.valuesExpire(entry.name, ttlMs)
    // A task reconfiguration in progress may have been lost with the process
    if (again) listener.reconfigurationRequested(entry.name)
    starting.resolve()
  }

  #startFailed(entry: ConnectorEntry, starting: PendingStart, cause: unknown, version: string | null): void {
    entry.starting = undefined
    this.#failed(entry, traceOf(cause), version)
    starting.reject(startFailure(entry.name, cause))
  }

  async #remove(entry: ConnectorEntry): Promise<void> {
    const failed = entry.state === 'failed'
    await this.#stopInstance(entry)
    if (!failed) this.#parts.listener.connectorShutDown(entry.name, entry.version)
  }

  async #stopInstance(entry: ConnectorEntry): Promise<void> {
    const { process, run, name, member } = entry
    entry.process = undefined
    entry.hosted = undefined
    entry.run = 0
    entry.blocked = null
    entry.ended.abort(new ConnectError('HR_CONNECT', `Connector ${name} was stopped`))
    if (process !== undefined) {
      const stopped = process.remote.stopConnector(name, run).catch(() => {}) // counts as stopped
      await within(CONNECTOR_STOP_MS, stopped, () => this.#parts.pool.evict(member))
    }
    this.#parts.pool.release(member)
  }

  #chooseProcess(entry: ConnectorEntry): HostedProcess {
    return chooseProcess(this.#parts.pool, entry, entry.member, false)
  }
}

function pendingStart(): PendingStart {
  let resolve!: () => void
  let reject!: (error: Error) => void
  const done = new Promise<void>((onResolved, onRejected) => {
    resolve = onResolved
    reject = onRejected
  })
  done.catch(() => {}) // the restart after a lost process is not awaited
  return { done, resolve, reject }
}

/** Resolves the pending start for its callers; a start already sent is stopped by its run. */
function cancelStart(entry: ConnectorEntry): void {
  entry.starting?.resolve()
  entry.starting = undefined
}

function startFailure(name: string, cause: unknown): ConnectError {
  return new ConnectError('HR_CONNECT', `Failed to transition connector ${name} to state STARTED`, { cause })
}

function failedTransition(target: TargetState): ConnectError {
  return new ConnectError('HR_CONNECT', `Cannot transition connector to ${target} since it has failed`)
}
