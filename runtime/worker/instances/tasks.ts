import type { ConnectError, Props } from '../../../api/index.ts'
import { sameProps } from '../../../config/index.ts'
import { traceOf } from '../../errors/index.ts'
import { taskName, type TaskId } from '../../stores/index.ts'
import { within } from '../../timing/index.ts'
import type { TaskDefinition, TaskSnapshot } from '../ports.ts'
import type { HostedProcess } from '../processes/pool.ts'
import type { HostEvents, TaskStart } from '../protocol.ts'
import type { TaskEntry } from './entries.ts'
import { isProcessLoss } from '../processes/task-process.ts'
import { chooseProcess, reportSlowStart, type InstanceParts } from './instance-parts.ts'
import { RestartBudget } from './restart-budget.ts'

/** Time for a task that did not stop to leave its consumer group, in milliseconds. */
const ABANDON_MS = 2000

export interface WorkerTaskParts extends InstanceParts {
  /** Time for all tasks together to stop gracefully. */
  readonly gracefulStopMs: number
  /** Whether tasks of a connector with these settings write in transactions. */
  readonly isExactlyOnce: (connectorProps: Props) => boolean
}

/** The tasks of a worker, including failed ones. Source: WorkerTask. */
export class WorkerTasks {
  readonly #parts: WorkerTaskParts
  readonly #entries = new Map<string, TaskEntry>()
  /** Tasks that are being removed. */
  readonly #stops = new Map<string, Promise<void>>()

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
  /**
   * Whether the worker has the task with exactly these settings. An exactly-once source task must also be of the same
   * generation, because those of earlier ones are fenced.
   */
  isCurrent({ id, connectorProps, taskProps, generation }: TaskDefinition): boolean {
    const present = this.#entries.get(taskName(id))?.definition
    return (
      present !== undefined &&
      sameProps(present.connectorProps, connectorProps) &&
      sameProps(present.taskProps, taskProps) &&
      (present.generation === generation || !this.#parts.isExactlyOnce(connectorProps))
    )
  }

  /**
   * Adds a task and starts it, after an earlier one with that id has stopped. Reports its state to the
   * listener.
   */
  start(definition: TaskDefinition): void {
    const { id, targetState } = definition
    const key = taskName(id)
    if (this.#entries.has(key)) void this.#remove(key)
    const entry: TaskEntry = {
      kind: 'task',
      member: `task ${key}`,
      owner: this.#parts.newOwner(),
      definition,
      run: 0,
      state: 'starting',
      paused: targetState === 'PAUSED',
      hosted: undefined,
      process: undefined,
      metrics: undefined,
      version: null,
      restarts: new RestartBudget(),
    }
    this.#entries.set(key, entry)
    reportSlowStart(
      () => this.#has(entry) && entry.state === 'starting',
      () => this.#parts.listener.taskDelayed(id),
    )
    const stopping = this.#stops.get(key)
    if (stopping === undefined) this.resume(entry)
    else void stopping.then(() => this.resume(entry))
  }

  setPaused(connector: string, paused: boolean): void {
    for (const entry of this.#entries.values()) {
      if (entry.definition.id.connector !== connector) continue
      entry.paused = paused // applies to a start that has not been sent yet
      // The end of its process is reported elsewhere
      void entry.process?.remote.setTaskPaused(entry.definition.id, paused).catch(() => {})
    }
  }

  /** Makes the connector's tasks on this worker report their topics again. */
  forgetTopics(connector: string): void {
    const tasks = [...this.#entries.values()].filter(
      ({ definition }) => definition.id.connector === connector,
    )
    for (const process of new Set(tasks.map((entry) => entry.process))) {
      void process?.remote.forgetTopics(connector).catch(() => {}) // its end is reported elsewhere
    }
  }

  /** Stops and removes tasks concurrently: gracefully first, then by force after the timeout. */
  async stop(ids: readonly TaskId[]): Promise<void> {
    await Promise.all(ids.map((id) => this.#remove(taskName(id))))
  }

  /** Like {@link stop}, for all tasks. Also waits for those that were being stopped before. */
  async stopAll(): Promise<void> {
    const before = [...this.#stops.values()]
    await Promise.all([...before, this.stop(this.ids)])
  }

  snapshots(): TaskSnapshot[] {
    return [...this.#entries.values()].map(({ definition, hosted, metrics }) => ({
      id: definition.id,
      pid: hosted?.process.pid ?? -1,
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
    taskEnded: () => {}, // the call that stopped it reports this
    topicUsed: (id, run, topic) => {
      if (this.#current(id, run) !== undefined) this.#parts.listener.topicUsed(id, topic)
    },
    metrics: (updates) => {
      for (const { id, run, metrics } of updates) {
        const entry = this.#current(id, run)
        if (entry !== undefined) entry.metrics = metrics
      }
    },
  }

  /** Called when its process ended through no fault of the task, which then waits for {@link resume}. */
  suspend(entry: TaskEntry): void {
    if (!this.#has(entry)) return
    entry.state = 'starting'
    this.#parts.listener.taskRestarting(entry.definition.id)
  }

  /** Starts a task without a process, if it is still wanted; `choose` returns the process. */
  resume(entry: TaskEntry, choose = () => this.#chooseProcess(entry)): void {
    if (this.#has(entry) && entry.state === 'starting' && entry.hosted === undefined)
      this.#launch(entry, choose())
  }

  /** Fails a task that caused its process to end, or whose process was killed too often. */
  failWith(entry: TaskEntry, cause: ConnectError): void {
    entry.state = 'failed'
    this.#parts.listener.taskFailed(entry.definition.id, traceOf(cause), null)
  }

  /** Invariant 5: a start that is no longer wanted once its process is ready is not sent. */
  #launch(entry: TaskEntry, hosted: HostedProcess): void {
    const run = this.#parts.newRun()
    Object.assign(entry, { run, hosted, process: undefined, metrics: undefined })
    const { process } = hosted
    void process.ready
      .then(() => {
        if (this.#current(entry.definition.id, run) !== entry) return
        entry.process = process
        return process.remote.startTask(startOf(entry))
      })
      .catch((error: unknown) => {
        if (!isProcessLoss(error)) this.events.taskFailed(entry.definition.id, run, traceOf(error), null)
      })
  }

  /** Resolves when the task has stopped, for concurrent callers too. */
  async #remove(key: string): Promise<void> {
    const entry = this.#entries.get(key)
    const before = this.#stops.get(key)
    if (entry === undefined) return before
    this.#entries.delete(key)
    const stopped = Promise.all([before, this.#stop(entry)]).then(() => {})
    this.#stops.set(key, stopped)
    await stopped
    if (this.#stops.get(key) === stopped) this.#stops.delete(key)
  }

  async #stop(entry: TaskEntry): Promise<void> {
    const { process, run, member, definition, state } = entry
    Object.assign(entry, { state: 'stopping', hosted: undefined, process: undefined })
    if (process !== undefined) {
      const stopped = process.remote.stopTask(definition.id, run).catch(() => {}) // the process has exited
      await within(this.#parts.gracefulStopMs, stopped, async () => {
        const abandoned = process.remote.abandonTask(definition.id, run).catch(() => {})
        await within(ABANDON_MS, abandoned, () => {}) // its code may block the process
        await this.#parts.pool.evict(member)
      })
    }
    this.#parts.pool.release(member)
    if (state !== 'failed') this.#parts.listener.taskShutDown(definition.id, entry.version)
  }

  #has(entry: TaskEntry): boolean {
    return this.#entries.get(taskName(entry.definition.id)) === entry
  }

  #chooseProcess({ member, definition }: TaskEntry): HostedProcess {
    const connector = { name: definition.id.connector, props: definition.connectorProps }
    return chooseProcess(this.#parts.pool, connector, member, true)
  }

  #current(id: TaskId, run: number): TaskEntry | undefined {
    const entry = this.#entries.get(taskName(id))
    return entry?.run === run ? entry : undefined
  }
}

function startOf({ definition, owner, run, paused }: TaskEntry): TaskStart {
  const { id, connectorProps, taskProps, taskCount, generation } = definition
  return { id, owner, run, connectorProps, taskProps, taskCount, generation, paused }
}
