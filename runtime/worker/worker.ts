import { ConnectError, type Props, type TaskProps } from '../../api/index.ts'
import type { TargetState, TaskId } from '../stores/index.ts'
import { WorkerConnectors } from './instances/connectors.ts'
import type { ConnectorEntry, TaskEntry } from './instances/entries.ts'
import { WorkerTasks } from './instances/tasks.ts'
import type { TaskDefinition, TaskSnapshot, WorkerListener } from './ports.ts'
import type { Dwelling, ProcessPool } from './processes/pool.ts'
import { judge, type Restart } from './process-loss.ts'
import { processLost, type ProcessEnd } from './processes/task-process.ts'
import type { HostEvents } from './protocol.ts'

export interface WorkerSettings {
  /** Time for all tasks together to stop by themselves. */
  readonly gracefulStopMs: number
  /** Version of a connector by its class; null when it is not known. */
  readonly versionOf: (className: string) => string | null
}

/**
 * The connectors and tasks that this worker has: starts, steers and stops them in their processes, and picks up the
 * pieces when a process ends.
 *
 * Source: Worker; the processes are ours.
 */
export class Worker {
  readonly #pool: ProcessPool
  readonly #connectors: WorkerConnectors
  readonly #tasks: WorkerTasks
  #closed = false
  /** What task processes tell; to be given to each of them. */
  readonly events: Omit<HostEvents, 'log' | 'loggers'>

  constructor(pool: ProcessPool, listener: WorkerListener, { gracefulStopMs, versionOf }: WorkerSettings) {
    let nextOwner = 1
    let nextRun = 1
    const parts = { pool, listener, newOwner: () => nextOwner++, newRun: () => nextRun++ }
    this.#pool = pool
    this.#connectors = new WorkerConnectors({ ...parts, versionOf })
    this.#tasks = new WorkerTasks({ ...parts, gracefulStopMs })
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
  /** Whether the task is here, with these very settings. */
  isCurrent(definition: TaskDefinition): boolean {
    return this.#tasks.isCurrent(definition)
  }
  /** Whether the connector is started, so that it can be asked for task settings. */
  isStarted(name: string): boolean {
    return this.#connectors.isStarted(name)
  }
  snapshots(): TaskSnapshot[] {
    return this.#tasks.snapshots()
  }

  /**
   * Takes a connector on, and starts it unless its target says otherwise. Throws what kept it from starting; it is
   * then here all the same, as failed.
   */
  async startConnector(name: string, props: Props, target: TargetState): Promise<void> {
    if (this.#closed) throw new ConnectError('HR_CONNECT', 'Worker is shutting down')
    return this.#connectors.start(name, props, target)
  }
  /** Moves a connector to another target state. Throws when it has failed, or fails on the way. */
  setConnectorTarget(name: string, target: TargetState): Promise<void> {
    return this.#connectors.setTarget(name, target)
  }
  /** Stops a connector and lets go of it. */
  stopConnector(name: string): Promise<void> {
    return this.#connectors.stop(name)
  }
  /** Settings for the tasks of a started connector. Throws `HR_TOO_MANY_TASKS`, and what the connector throws. */
  taskConfigs(name: string): Promise<TaskProps[]> {
    return this.#connectors.taskConfigs(name)
  }

  /** Takes a task on and starts it. What becomes of it is told to the listener. */
  startTask(definition: TaskDefinition): void {
    if (!this.#closed) this.#tasks.start(definition)
  }
  setTasksPaused(connector: string, paused: boolean): void {
    this.#tasks.setPaused(connector, paused)
  }
  /** The tasks of a connector that are here tell anew which topics they use. */
  forgetTopics(connector: string): void {
    this.#tasks.forgetTopics(connector)
  }
  /** Stops tasks together and lets go of them: softly at first, then those that did not end in time. */
  stopTasks(ids: readonly TaskId[]): Promise<void> {
    return this.#tasks.stop(ids)
  }

  /** Stops everything that is here; nothing starts from then on. */
  async stopAll(): Promise<void> {
    this.#closed = true
    await Promise.all(this.connectorNames.map((name) => this.stopConnector(name)))
    await this.stopTasks(this.taskIds)
  }

  /** A process is gone. The culprit fails; the others start again. */
  processEnded(end: ProcessEnd, members: readonly string[]): void {
    const entries = members.flatMap((member) => this.#livingThere(member) ?? [])
    for (const entry of entries) Object.assign(entry, { home: undefined, process: undefined })
    const { failed, restarts } = judge(end, entries, members.length - entries.length, Date.now())
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
    if (entry.kind === 'task') this.#tasks.blame(entry, cause)
    else this.#connectors.blame(entry, cause)
  }

  #suspend(entry: ConnectorEntry | TaskEntry): void {
    if (entry.kind === 'task') this.#tasks.suspend(entry)
    else this.#connectors.suspend(entry)
  }

  /** One process serves all of a group; it is forked for the first that is still wanted. */
  #restart({ entries, apart }: Restart): void {
    if (this.#closed) return
    let dwelling: Dwelling | undefined
    for (const entry of entries) {
      const home = () => {
        dwelling ??= this.#pool.probation()
        this.#pool.settleIn(dwelling, entry.member, entry.kind === 'task')
        return dwelling
      }
      if (entry.kind === 'task') this.#tasks.resume(entry, ...(apart ? [home] : []))
      else this.#connectors.resume(entry, ...(apart ? [home] : []))
    }
  }

  /** The instance that lives in a process under this name; one that is being stopped does not any more. */
  #livingThere(member: string): ConnectorEntry | TaskEntry | undefined {
    const all = [...this.#connectors.all, ...this.#tasks.all]
    return all.find((entry) => entry.member === member && entry.home !== undefined)
  }
}
