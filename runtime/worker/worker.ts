import { ConnectError, isConnectError, type Props, type TaskProps } from '../../api/index.ts'
import { sameProps } from '../../config/index.ts'
import { traceOf } from '../errors/index.ts'
import { taskName, type TargetState, type TaskId } from '../stores/index.ts'
import { within } from '../timing/index.ts'
import { receivedError } from './channel.ts'
import { connectorMember, isDedicated, taskMember, type ConnectorEntry, type TaskEntry } from './instances.ts'
import type { TaskDefinition, TaskSnapshot, WorkerListener } from './ports.ts'
import type { Dwelling, ProcessPool } from './processes/pool.ts'
import type { ProcessEnd } from './processes/task-process.ts'
import type { HostEvents, Owner } from './protocol.ts'

const CONNECTOR_STOP_MS = 5000
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
 * Source: Worker, WorkerConnector; the processes are ours.
 */
export class Worker {
  readonly #pool: ProcessPool
  readonly #listener: WorkerListener
  readonly #gracefulStopMs: number
  readonly #versionOf: WorkerSettings['versionOf']
  readonly #connectors = new Map<string, ConnectorEntry>()
  readonly #tasks = new Map<string, TaskEntry>()
  #nextOwner = 1
  #nextRun = 1

  constructor(pool: ProcessPool, listener: WorkerListener, { gracefulStopMs, versionOf }: WorkerSettings) {
    this.#pool = pool
    this.#listener = listener
    this.#gracefulStopMs = gracefulStopMs
    this.#versionOf = versionOf
  }

  get connectorNames(): string[] {
    return [...this.#connectors.keys()]
  }
  get taskIds(): TaskId[] {
    return [...this.#tasks.values()].map(({ definition }) => definition.id)
  }
  hasConnector(name: string): boolean {
    return this.#connectors.has(name)
  }
  hasTask(id: TaskId): boolean {
    return this.#tasks.has(taskName(id))
  }
  /** Whether the task is here, with these very settings. */
  isCurrent({ id, connectorProps, taskProps }: TaskDefinition): boolean {
    const present = this.#tasks.get(taskName(id))?.definition
    return (
      present !== undefined &&
      sameProps(present.connectorProps, connectorProps) &&
      sameProps(present.taskProps, taskProps)
    )
  }
  /** Whether the connector is started, so that it can be asked for task settings. */
  isStarted(name: string): boolean {
    return this.#connectors.get(name)?.state === 'started'
  }

  /**
   * Takes a connector on, and starts it unless its target says otherwise. Throws what kept it from starting; it is
   * then here all the same, as failed.
   */
  async startConnector(name: string, props: Props, target: TargetState): Promise<void> {
    if (this.#connectors.has(name))
      throw new ConnectError('HR_CONNECT', `Connector with name ${name} already exists`)
    const entry: ConnectorEntry = {
      kind: 'connector',
      member: connectorMember(name),
      owner: this.#newOwner(),
      name,
      props,
      state: 'starting',
      target,
      process: undefined,
      transition: Promise.resolve(),
      version: this.#versionOf(props['connector.class']?.trim() ?? ''),
    }
    this.#connectors.set(name, entry)
    await this.#toTarget(entry)
  }

  /** Moves a connector to another target state. Throws when it has failed, or fails on the way. */
  async setConnectorTarget(name: string, target: TargetState): Promise<void> {
    const entry = this.#connectors.get(name)
    if (entry === undefined) return
    if (entry.state === 'failed' && target !== 'STOPPED') {
      const message = `Cannot transition connector to ${target} since it has failed`
      throw new ConnectError('HR_CONNECT', message)
    }
    entry.target = target
    await this.#toTarget(entry)
  }

  /** Stops a connector and lets go of it. */
  async stopConnector(name: string): Promise<void> {
    const entry = this.#connectors.get(name)
    if (entry === undefined) return
    this.#connectors.delete(name)
    const failed = entry.state === 'failed'
    await this.#stopInstance(entry)
    this.#pool.release(entry.member)
    if (!failed) this.#listener.connectorShutDown(name, entry.version)
  }

  /** Settings for the tasks of a started connector. Throws `HR_TOO_MANY_TASKS`, and what the connector throws. */
  async taskConfigs(name: string): Promise<TaskProps[]> {
    const { process } = this.#connectors.get(name) ?? {}
    if (process === undefined) throw new ConnectError('HR_CONNECT', `Connector ${name} is not started`)
    return process.remote.taskConfigs(name)
  }

  /** Takes a task on and starts it. What becomes of it is told to the listener. */
  startTask(definition: TaskDefinition): void {
    const entry: TaskEntry = {
      kind: 'task',
      member: taskMember(definition.id),
      owner: this.#newOwner(),
      definition,
      run: 0,
      state: 'starting',
      paused: definition.targetState === 'PAUSED',
      process: undefined,
      metrics: undefined,
      version: null,
    }
    this.#tasks.set(taskName(definition.id), entry)
    this.#launchTask(
      entry,
      this.#home(entry.member, definition.connectorProps, definition.id.connector, true),
    )
  }

  setTasksPaused(connector: string, paused: boolean): void {
    for (const entry of this.#tasks.values()) {
      if (entry.definition.id.connector !== connector) continue
      entry.paused = paused
      void entry.process?.remote.setTaskPaused(entry.definition.id, paused).catch(() => {}) // its end is told otherwise
    }
  }

  /** The tasks of a connector that are here tell anew which topics they use. */
  forgetTopics(connector: string): void {
    const tasks = [...this.#tasks.values()].filter(({ definition }) => definition.id.connector === connector)
    for (const process of new Set(tasks.map((entry) => entry.process))) {
      void process?.remote.forgetTopics(connector).catch(() => {}) // its end is told otherwise
    }
  }

  /** Stops tasks together and lets go of them: softly at first, then those that did not end in time. */
  async stopTasks(ids: readonly TaskId[], gracefulMs = this.#gracefulStopMs): Promise<void> {
    const entries = ids.flatMap((id) => this.#tasks.get(taskName(id)) ?? [])
    for (const entry of entries) this.#tasks.delete(taskName(entry.definition.id))
    await Promise.all(entries.map((entry) => this.#stopTask(entry, gracefulMs)))
  }

  snapshots(): TaskSnapshot[] {
    return [...this.#tasks.values()].map(({ definition, process, metrics }) => ({
      id: definition.id,
      pid: process?.pid ?? -1,
      metrics,
    }))
  }

  /** Stops everything that is here. */
  async stopAll(): Promise<void> {
    await Promise.all(this.connectorNames.map((name) => this.stopConnector(name)))
    await this.stopTasks(this.taskIds)
  }

  /** What task processes tell; to be given to each of them. */
  readonly events: Omit<HostEvents, 'log' | 'loggers'> = {
    taskRunning: (id, run, version) => {
      const entry = this.#current(id, run)
      if (entry === undefined) return
      entry.state = 'running'
      entry.version = version
      this.#listener.taskRunning(id, version)
    },
    taskPaused: (id, run, version) => {
      const entry = this.#current(id, run)
      if (entry === undefined) return
      entry.state = 'paused'
      this.#listener.taskPaused(id, version)
    },
    taskFailed: (id, run, trace, version) => {
      const entry = this.#current(id, run)
      if (entry === undefined) return
      entry.state = 'failed'
      this.#listener.taskFailed(id, trace, version)
    },
    taskEnded: () => {}, // the call that stopped it knows
    connectorFailed: (name, trace, version) => {
      const entry = this.#connectors.get(name)
      if (entry === undefined || entry.state === 'failed') return
      entry.state = 'failed'
      this.#listener.connectorFailed(name, trace, version)
    },
    reconfigurationRequested: (name) => {
      if (this.isStarted(name)) this.#listener.reconfigurationRequested(name)
    },
    topicUsed: (id, topic) => this.#listener.topicUsed(id, topic),
    metrics: (tasks) => {
      for (const [id, metrics] of tasks) {
        const entry = this.#tasks.get(taskName(id))
        if (entry !== undefined) entry.metrics = metrics
      }
    },
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
    entry.state = 'failed'
    this.#pool.release(entry.member)
    if (entry.kind === 'task') this.#listener.taskFailed(entry.definition.id, trace, null)
    else this.#listener.connectorFailed(entry.name, trace, entry.version)
  }

  #restart(entry: ConnectorEntry | TaskEntry, dwelling?: Dwelling): void {
    if (dwelling !== undefined) this.#pool.settleIn(dwelling, entry.member, entry.kind === 'task')
    if (entry.kind === 'task') {
      if (entry.state === 'stopping') return
      const { id, connectorProps } = entry.definition
      this.#listener.taskRestarting(id)
      this.#launchTask(entry, dwelling ?? this.#home(entry.member, connectorProps, id.connector, true))
    } else if (entry.state === 'started') {
      entry.state = 'starting'
      void this.#startInstance(entry, dwelling).catch(() => {}) // told to the listener
    }
  }

  /** One transition after the other, each to what is wanted by then; one that hangs is not waited for for ever. */
  #toTarget(entry: ConnectorEntry): Promise<void> {
    const transition = within(CONNECTOR_STOP_MS, entry.transition, () => {}).then(() => this.#move(entry))
    entry.transition = transition.catch(() => {}) // told to who asked for it
    return transition
  }

  async #move(entry: ConnectorEntry): Promise<void> {
    const { target } = entry
    if (this.#connectors.get(entry.name) !== entry) return
    if (target === 'STARTED') {
      if (entry.state !== 'started') await this.#startInstance(entry)
      return
    }
    const failed = entry.state === 'failed'
    if (!failed) entry.state = 'stopped'
    await this.#stopInstance(entry)
    if (this.#connectors.get(entry.name) !== entry) return
    if (target === 'PAUSED') {
      entry.state = 'paused'
      this.#listener.connectorPaused(entry.name, entry.version)
    } else {
      entry.state = failed ? 'failed' : 'stopped'
      if (!failed) this.#listener.connectorStopped(entry.name, entry.version)
    }
  }

  async #startInstance(entry: ConnectorEntry, dwelling?: Dwelling): Promise<void> {
    const { name, owner, props, member } = entry
    const home = dwelling ?? this.#home(member, props, name, false)
    entry.process = home.process
    let instantiated = false
    try {
      await home.process.ready
      const { version, failure, ttlMs } = await home.process.remote.startConnector({ name, owner, props })
      if (this.#connectors.get(name) !== entry) return
      entry.version = version
      instantiated = true
      if (failure !== undefined) throw receivedError(failure)
      entry.state = 'started'
      this.#listener.connectorRunning(name, version)
      if (ttlMs !== undefined) this.#listener.valuesExpire(name, ttlMs)
    } catch (error) {
      if (!isProcessLoss(error) && this.#connectors.get(name) === entry && entry.state !== 'failed') {
        entry.state = 'failed'
        this.#listener.connectorFailed(name, traceOf(error), instantiated ? entry.version : null)
      }
      throw new ConnectError('HR_CONNECT', `Failed to transition connector ${name} to state STARTED`, {
        cause: error,
      })
    }
  }

  async #stopInstance(entry: ConnectorEntry): Promise<void> {
    const { process, name } = entry
    entry.process = undefined
    if (process === undefined) return
    const stopped = process.remote.stopConnector(name).catch(() => {}) // what it throws on stopping changes nothing
    await within(CONNECTOR_STOP_MS, stopped, () => this.#pool.evict(entry.member))
  }

  #launchTask(entry: TaskEntry, { process }: Dwelling): void {
    const { id, connectorProps, taskProps, taskCount } = entry.definition
    const run = this.#nextRun++
    entry.run = run
    entry.state = 'starting'
    entry.process = process
    const start = { id, owner: entry.owner, run, connectorProps, taskProps, taskCount, paused: entry.paused }
    void process.ready
      .then(() => process.remote.startTask(start))
      .catch((error: unknown) => {
        if (!isProcessLoss(error)) this.events.taskFailed(id, run, traceOf(error), null)
      })
  }

  async #stopTask(entry: TaskEntry, gracefulMs: number): Promise<void> {
    const { process, definition } = entry
    const failed = entry.state === 'failed'
    entry.state = 'stopping'
    if (process !== undefined) {
      const stopped = process.remote.stopTask(definition.id).catch(() => {}) // its process is gone, and so is it
      await within(gracefulMs, stopped, async () => {
        void process.remote.abandonTask(definition.id).catch(() => {})
        await this.#pool.evict(entry.member)
      })
    }
    this.#pool.release(entry.member)
    if (!failed) this.#listener.taskShutDown(definition.id, entry.version)
  }

  #home(member: string, props: Props, connector: string, weighs: boolean): Dwelling {
    return isDedicated(props)
      ? this.#pool.dedicate(connector, member, weighs)
      : this.#pool.share(member, weighs)
  }

  #current(id: TaskId, run: number): TaskEntry | undefined {
    const entry = this.#tasks.get(taskName(id))
    return entry?.run === run ? entry : undefined
  }

  #byMember(member: string): ConnectorEntry | TaskEntry | undefined {
    return [...this.#connectors.values(), ...this.#tasks.values()].find((entry) => entry.member === member)
  }

  #newOwner(): Owner {
    return this.#nextOwner++
  }
}

/** The end of a process is told by the process itself, once for all that lived there. */
const isProcessLoss = (error: unknown): boolean =>
  isConnectError(error) && error.code === 'HR_TASK_PROCESS_LOST'

/** Each on its own when they are few, else in groups. */
function grouped<T>(items: readonly T[]): T[][] {
  const groups: T[][] = Array.from({ length: Math.min(SUSPECT_GROUPS, items.length) }, () => [])
  for (const [index, item] of items.entries()) groups[index % SUSPECT_GROUPS]?.push(item)
  return groups
}
