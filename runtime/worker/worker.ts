import { ConnectError, type Props, type TaskProps } from '../../api/index.ts'
import { traceOf } from '../errors/index.ts'
import type { TargetState, TaskId } from '../stores/index.ts'
import { WorkerConnectors } from './instances/connectors.ts'
import type { ConnectorEntry, TaskEntry } from './instances/entries.ts'
import { WorkerTasks } from './instances/tasks.ts'
import type { TaskDefinition, TaskSnapshot, WorkerListener } from './ports.ts'
import type { Dwelling, ProcessPool } from './processes/pool.ts'
import type { ProcessEnd } from './processes/task-process.ts'
import type { HostEvents } from './protocol.ts'

/** Suspects are tried in at most so many processes at once; among more, the group that dies is divided again. */
const SUSPECT_GROUPS = 4

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
  /** What task processes tell; to be given to each of them. */
  readonly events: Omit<HostEvents, 'log' | 'loggers'>

  constructor(pool: ProcessPool, listener: WorkerListener, { gracefulStopMs, versionOf }: WorkerSettings) {
    let nextOwner = 1
    const parts = { pool, listener, newOwner: () => nextOwner++ }
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
  startConnector(name: string, props: Props, target: TargetState): Promise<void> {
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
    this.#tasks.start(definition)
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

  /** Stops everything that is here. */
  async stopAll(): Promise<void> {
    await Promise.all(this.connectorNames.map((name) => this.stopConnector(name)))
    await this.stopTasks(this.taskIds)
  }

  /** A process is gone. The culprit fails; the others start again, apart from each other where nobody knows who it was. */
  processEnded(end: ProcessEnd, members: readonly string[]): void {
    const entries = members.flatMap((member) => this.#byMember(member) ?? [])
    const suspects = entries.filter((entry) => entry.state !== 'failed')
    const culprit =
      entries.find((entry) => entry.owner === end.culprit) ??
      (suspects.length === 1 ? suspects[0] : undefined)
    for (const entry of entries) entry.process = undefined
    if (culprit !== undefined) {
      this.#blame(culprit, end.reason)
      for (const entry of suspects) if (entry !== culprit) this.#restart(entry)
      return
    }
    for (const group of grouped(suspects)) {
      const dwelling = this.#pool.probation()
      for (const entry of group) this.#restart(entry, dwelling)
    }
  }

  #blame(entry: ConnectorEntry | TaskEntry, reason: string): void {
    const trace = traceOf(new ConnectError('HR_TASK_PROCESS_LOST', `Ended by the worker: ${reason}`))
    if (entry.kind === 'task') this.#tasks.blame(entry, trace)
    else this.#connectors.blame(entry, trace)
  }

  #restart(entry: ConnectorEntry | TaskEntry, dwelling?: Dwelling): void {
    if (dwelling !== undefined) this.#pool.settleIn(dwelling, entry.member, entry.kind === 'task')
    if (entry.kind === 'task') this.#tasks.restart(entry, dwelling)
    else this.#connectors.restart(entry, dwelling)
  }

  #byMember(member: string): ConnectorEntry | TaskEntry | undefined {
    return [...this.#connectors.all, ...this.#tasks.all].find((entry) => entry.member === member)
  }
}

/** Each on its own when they are few, else in groups. */
function grouped<T>(items: readonly T[]): T[][] {
  const groups: T[][] = Array.from({ length: Math.min(SUSPECT_GROUPS, items.length) }, () => [])
  for (const [index, item] of items.entries()) groups[index % SUSPECT_GROUPS]?.push(item)
  return groups
}
