import { sameProps } from '../../../config/index.ts'
import { traceOf } from '../../errors/index.ts'
import { taskName, type TaskId } from '../../stores/index.ts'
import { within } from '../../timing/index.ts'
import type { TaskDefinition, TaskSnapshot } from '../ports.ts'
import type { Dwelling } from '../processes/pool.ts'
import type { HostEvents } from '../protocol.ts'
import type { TaskEntry } from './entries.ts'
import { homeOf, isProcessLoss, type InstanceParts } from './home.ts'

export interface WorkerTaskParts extends InstanceParts {
  /** Time for all tasks together to stop by themselves. */
  readonly gracefulStopMs: number
}

/** The tasks that a worker has, failed ones included. Source: WorkerTask. */
export class WorkerTasks {
  readonly #parts: WorkerTaskParts
  readonly #entries = new Map<string, TaskEntry>()
  #nextRun = 1

  constructor(parts: WorkerTaskParts) {
    this.#parts = parts
  }

  get all(): Iterable<TaskEntry> {
    return this.#entries.values()
  }
  get ids(): TaskId[] {
    return [...this.#entries.values()].map(({ definition }) => definition.id)
  }
  has(id: TaskId): boolean {
    return this.#entries.has(taskName(id))
  }
  /** Whether the task is here, with these very settings. */
  isCurrent({ id, connectorProps, taskProps }: TaskDefinition): boolean {
    const present = this.#entries.get(taskName(id))?.definition
    return (
      present !== undefined &&
      sameProps(present.connectorProps, connectorProps) &&
      sameProps(present.taskProps, taskProps)
    )
  }

  /** Takes a task on and starts it. What becomes of it is told to the listener. */
  start(definition: TaskDefinition): void {
    const entry: TaskEntry = {
      kind: 'task',
      member: `task ${taskName(definition.id)}`,
      owner: this.#parts.newOwner(),
      definition,
      run: 0,
      state: 'starting',
      paused: definition.targetState === 'PAUSED',
      process: undefined,
      metrics: undefined,
      version: null,
    }
    this.#entries.set(taskName(definition.id), entry)
    this.#launch(entry, this.#home(entry))
  }

  setPaused(connector: string, paused: boolean): void {
    for (const entry of this.#entries.values()) {
      if (entry.definition.id.connector !== connector) continue
      entry.paused = paused
      void entry.process?.remote.setTaskPaused(entry.definition.id, paused).catch(() => {}) // its end is told otherwise
    }
  }

  /** The tasks of a connector that are here tell anew which topics they use. */
  forgetTopics(connector: string): void {
    const tasks = [...this.#entries.values()].filter(
      ({ definition }) => definition.id.connector === connector,
    )
    for (const process of new Set(tasks.map((entry) => entry.process))) {
      void process?.remote.forgetTopics(connector).catch(() => {}) // its end is told otherwise
    }
  }

  /** Stops tasks together and lets go of them: softly at first, then those that did not end in time. */
  async stop(ids: readonly TaskId[]): Promise<void> {
    const entries = ids.flatMap((id) => this.#entries.get(taskName(id)) ?? [])
    for (const entry of entries) this.#entries.delete(taskName(entry.definition.id))
    await Promise.all(entries.map((entry) => this.#stop(entry)))
  }

  snapshots(): TaskSnapshot[] {
    return [...this.#entries.values()].map(({ definition, process, metrics }) => ({
      id: definition.id,
      pid: process?.pid ?? -1,
      metrics,
    }))
  }

  readonly events: Pick<
    HostEvents,
    'taskRunning' | 'taskPaused' | 'taskFailed' | 'taskEnded' | 'topicUsed' | 'metrics'
  > = {
    taskRunning: (id, run, version) => {
      const entry = this.#current(id, run)
      if (entry === undefined) return
      entry.state = 'running'
      entry.version = version
      this.#parts.listener.taskRunning(id, version)
    },
    taskPaused: (id, run, version) => {
      const entry = this.#current(id, run)
      if (entry === undefined) return
      entry.state = 'paused'
      this.#parts.listener.taskPaused(id, version)
    },
    taskFailed: (id, run, trace, version) => {
      const entry = this.#current(id, run)
      if (entry === undefined) return
      entry.state = 'failed'
      this.#parts.listener.taskFailed(id, trace, version)
    },
    taskEnded: () => {}, // the call that stopped it knows
    topicUsed: (id, topic) => this.#parts.listener.topicUsed(id, topic),
    metrics: (tasks) => {
      for (const [id, metrics] of tasks) {
        const entry = this.#entries.get(taskName(id))
        if (entry !== undefined) entry.metrics = metrics
      }
    },
  }

  /** Its process is gone, and not because of it. */
  restart(entry: TaskEntry, dwelling?: Dwelling): void {
    if (entry.state === 'stopping') return
    this.#parts.listener.taskRestarting(entry.definition.id)
    this.#launch(entry, dwelling ?? this.#home(entry))
  }

  /** Its process is gone because of it. */
  blame(entry: TaskEntry, trace: string): void {
    entry.state = 'failed'
    this.#parts.pool.release(entry.member)
    this.#parts.listener.taskFailed(entry.definition.id, trace, null)
  }

  #launch(entry: TaskEntry, { process }: Dwelling): void {
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

  async #stop(entry: TaskEntry): Promise<void> {
    const { process, definition } = entry
    const failed = entry.state === 'failed'
    entry.state = 'stopping'
    if (process !== undefined) {
      const stopped = process.remote.stopTask(definition.id).catch(() => {}) // its process is gone, and so is it
      await within(this.#parts.gracefulStopMs, stopped, async () => {
        void process.remote.abandonTask(definition.id).catch(() => {})
        await this.#parts.pool.evict(entry.member)
      })
    }
    this.#parts.pool.release(entry.member)
    if (!failed) this.#parts.listener.taskShutDown(definition.id, entry.version)
  }

  #home({ member, definition }: TaskEntry): Dwelling {
    const connector = { name: definition.id.connector, props: definition.connectorProps }
    return homeOf(this.#parts.pool, connector, member, true)
  }

  #current(id: TaskId, run: number): TaskEntry | undefined {
    const entry = this.#entries.get(taskName(id))
    return entry?.run === run ? entry : undefined
  }
}
