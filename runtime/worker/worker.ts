import { ConnectError, type Props, type TaskProps } from '../../api/index.ts'
import type { Blocked } from '../kafka/index.ts'
import type { TargetState, TaskId } from '../stores/index.ts'
import { WorkerConnectors } from './instances/connectors.ts'
import type { ConnectorEntry, TaskEntry } from './instances/entries.ts'
import { WorkerTasks } from './instances/tasks.ts'
import type { TaskDefinition, TaskSnapshot, WorkerListener } from './ports.ts'
import type { HostedProcess, ProcessPool } from './processes/pool.ts'
import { outcomeOfLoss, type Restart } from './process-loss.ts'
import { processLost, type ProcessEnd } from './processes/task-process.ts'
import type { HostEvents } from './protocol.ts'

export interface WorkerSettings {
  /** Time for all tasks together to stop gracefully. */
  readonly gracefulStopMs: number
  /** Returns the version of a connector by its class; null when it is unknown. */
  readonly versionOf: (className: string) => string | null
  /** Whether tasks of a connector with these settings write in transactions. */
  readonly isExactlyOnce: (connectorProps: Props) => boolean
}

/**
 * The connectors and tasks of this worker: starts, controls and stops them in their processes, and handles
 * the loss of a process.
 *
 * Source: Worker; Kafka Connect has no task processes.
 */
export class Worker {
  readonly #pool: ProcessPool
  readonly #connectors: WorkerConnectors
  readonly #tasks: WorkerTasks
  #closed = false
  /** Handlers for the events of every task process. */
  readonly events: Omit<HostEvents, 'log' | 'loggers'>

  constructor(pool: ProcessPool, listener: WorkerListener, { versionOf, ...settings }: WorkerSettings) {
    let nextOwner = 1
    let nextRun = 1
    const parts = { pool, listener, newOwner: () => nextOwner++, newRun: () => nextRun++ }
    this.#pool = pool
    this.#connectors = new WorkerConnectors({ ...parts, versionOf })
    this.#tasks = new WorkerTasks({ ...parts, ...settings })
    this.events = { ...this.#connectors.events, ...this.#tasks.events }
  }

  get connectorNames(): string[] {
    return this.#connectors.names
  }
  get taskIds(): TaskId[] {
    return this.#tasks.ids
  }
  hasConnector(name: string): boolean {
    return this.#connectors.has(name)
  }
  hasTask(id: TaskId): boolean {
    return this.#tasks.has(id)
  }
  /** Whether the worker has the task with exactly these settings. */
  isCurrent(definition: TaskDefinition): boolean {
    return this.#tasks.isCurrent(definition)
  }
  /** Whether the connector is started and can return task settings. */
  isStarted(name: string): boolean {
    return this.#connectors.isStarted(name)
  }
  snapshots(): TaskSnapshot[] {
    return this.#tasks.snapshots()
  }
  /** The reasons why connectors are blocked, by name, without those that are not blocked. */
  blockedConnectors(): Map<string, Blocked> {
    return this.#connectors.blocked()
  }

  /**
   * Adds a connector, and starts it unless its target state prevents that. Throws when the start fails; the
   * worker then lists the connector as failed.
   */
  async startConnector(name: string, props: Props, target: TargetState): Promise<void> {
    if (this.#closed) throw new ConnectError('HR_CONNECT', 'Worker is shutting down')
    return this.#connectors.start(name, props, target)
  }
  /** Moves a connector to another target state. Throws when it has failed, or fails during the transition. */
  setConnectorTarget(name: string, target: TargetState): Promise<void> {
    return this.#connectors.setTarget(name, target)
  }
  /** Stops and removes a connector. */
  stopConnector(name: string): Promise<void> {
    return this.#connectors.stop(name)
  }
  /**
   * Returns the task settings of a started connector. Throws `HR_TOO_MANY_TASKS`, and the connector's errors.
   */
  taskConfigs(name: string): Promise<TaskProps[]> {
    return this.#connectors.taskConfigs(name)
  }

  /** Adds a task and starts it. Reports its state to the listener. */
  startTask(definition: TaskDefinition): void {
    if (!this.#closed) this.#tasks.start(definition)
  }
  setTasksPaused(connector: string, paused: boolean): void {
    this.#tasks.setPaused(connector, paused)
  }
  /** Makes the connector's tasks on this worker report their topics again. */
  forgetTopics(connector: string): void {
    this.#tasks.forgetTopics(connector)
  }
  /** Stops and removes tasks concurrently: gracefully first, then by force after the timeout. */
  stopTasks(ids: readonly TaskId[]): Promise<void> {
    return this.#tasks.stop(ids)
  }

  /** Stops all connectors and tasks; nothing starts afterwards. */
  async stopAll(): Promise<void> {
    this.#closed = true
    await Promise.all([...this.connectorNames.map((name) => this.stopConnector(name)), this.#tasks.stopAll()])
  }

  /** Handles the loss of a process: the culprit fails, and the other instances restart. */
  processEnded(end: ProcessEnd, members: readonly string[]): void {
    const entries = members.flatMap((member) => this.#entryOf(member) ?? [])
    for (const entry of entries) Object.assign(entry, { hosted: undefined, process: undefined })
    const { failed, restarts } = outcomeOfLoss(end, entries, members.length - entries.length, Date.now())
    for (const entry of failed) this.#fail(entry, end)
    for (const { entries: again } of restarts) for (const entry of again) this.#suspend(entry)
    for (const restart of restarts) {
      if (restart.delayMs === 0) this.#restart(restart)
      else setTimeout(() => this.#restart(restart), restart.delayMs).unref()
    }
  }

  #fail(entry: ConnectorEntry | TaskEntry, { kind, reason }: ProcessEnd): void {
    const again = entry.restarts.used
    const tries = kind === 'fault' ? '' : ` (given up after ${again} restarts)`
    const cause = processLost(`${reason}${tries}`)
    this.#pool.release(entry.member)
    if (entry.kind === 'task') this.#tasks.failWith(entry, cause)
    else this.#connectors.failWith(entry, cause)
  }

  #suspend(entry: ConnectorEntry | TaskEntry): void {
    if (entry.kind === 'task') this.#tasks.suspend(entry)
    else this.#connectors.suspend(entry)
  }

  /** Starts a group of instances in one process, forked for the first one that is still wanted. */
  #restart({ entries, isolated }: Restart): void {
    if (this.#closed) return
    let hosted: HostedProcess | undefined
    for (const entry of entries) {
      const choose = () => {
        hosted ??= this.#pool.quarantine()
        this.#pool.add(hosted, entry.member, entry.kind === 'task')
        return hosted
      }
      if (entry.kind === 'task') this.#tasks.resume(entry, ...(isolated ? [choose] : []))
      else this.#connectors.resume(entry, ...(isolated ? [choose] : []))
    }
  }

  /** Returns the instance with this name in a process, unless it is being stopped. */
  #entryOf(member: string): ConnectorEntry | TaskEntry | undefined {
    const all = [...this.#connectors.all, ...this.#tasks.all]
    return all.find((entry) => entry.member === member && entry.hosted !== undefined)
  }
}
