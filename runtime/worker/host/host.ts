import { ConnectError, type TaskProps } from '../../../api/index.ts'
import { taskName, type TaskId } from '../../stores/index.ts'
import type { LogLevel } from '../../telemetry/index.ts'
import type { Instant } from '../../timing/index.ts'
import type {
  ConnectorStart,
  ConnectorStarted,
  HostMethods,
  HostSettings,
  Owner,
  TaskMetricsUpdate,
  TaskStart,
} from '../protocol.ts'
import { ChangedMetrics } from './changed-metrics.ts'
import { ConnectorInstance } from './connector-instance.ts'
import type { HostEnvironment } from './environment.ts'
import { StoppedRuns } from './stopped-runs.ts'
import { TaskInstance } from './task-instance.ts'

/**
 * Runs connectors and tasks: in a process of its own, controlled through a channel, or in-process in tests.
 *
 * Owns only the instances; the herder decides which ones to run.
 */
export class TaskHost implements HostMethods {
  readonly #prepare: (settings: HostSettings) => Promise<HostEnvironment>
  readonly #flushLog: () => void
  readonly #connectors = new Map<string, ConnectorInstance>()
  readonly #tasks = new Map<string, TaskInstance>()
  readonly #stopped = new StoppedRuns()
  readonly #metrics = new ChangedMetrics()
  /** Log levels set while plugins were being loaded. */
  #levels: HostSettings['logLevels'] | undefined
  /** End of the lease, set while plugins were being loaded. */
  #leaseEnd: Instant | undefined
  #environment: HostEnvironment | undefined

  /** `prepare` loads the plugins once the settings are known; `flushLog` sends buffered log lines. */
  constructor(prepare: (settings: HostSettings) => Promise<HostEnvironment>, flushLog: () => void) {
    this.#prepare = prepare
    this.#flushLog = flushLog
  }

  async start(settings: HostSettings): Promise<void> {
    this.#environment = await this.#prepare(settings)
    if (this.#levels !== undefined) this.setLogLevels(this.#levels)
    if (this.#leaseEnd !== undefined) this.setLease(this.#leaseEnd)
  }

  ping(): number {
    return process.memoryUsage.rss()
  }

  /** Throws when the connector cannot start. Invariant 5: a run that was already stopped is not started. */
  async startConnector(start: ConnectorStart): Promise<ConnectorStarted> {
    const instance = new ConnectorInstance(start, this.environment)
    if (this.#stopped.take(`connector ${start.name}`, start.run))
      throw new ConnectError('HR_CONNECT', `Connector ${start.name} was stopped before it was started`)
    this.#connectors.set(start.name, instance)
    try {
      const started = await instance.start(start.props)
      if (started.failure !== undefined) this.#forget(instance, start.name)
      return started
    } catch (error) {
      this.#forget(instance, start.name)
      throw error
    }
  }

  #forget(instance: ConnectorInstance, name: string): void {
    if (this.#connectors.get(name) === instance) this.#connectors.delete(name)
  }

  async stopConnector(name: string, run: number): Promise<void> {
    const instance = this.#connectors.get(name)
    if (instance?.run !== run) return this.#stopped.add(`connector ${name}`, run)
    this.#connectors.delete(name)
    await instance.stop()
    this.#flushLog() // the process may be closed at once
  }

  async taskConfigs(name: string): Promise<TaskProps[]> {
    const instance = this.#connectors.get(name)
    if (instance === undefined) throw new ConnectError('HR_CONNECT', `Connector ${name} is not started`)
    return instance.taskConfigs()
  }

  /** Invariant 5: a run that was already stopped is not started. */
  async startTask(start: TaskStart): Promise<void> {
    const key = taskName(start.id)
    if (this.#stopped.take(`task ${key}`, start.run)) return
    void this.#tasks.get(key)?.abandon()
    this.#tasks.set(key, new TaskInstance(start, this.environment))
  }

  setTaskPaused(id: TaskId, paused: boolean): void {
    this.#tasks.get(taskName(id))?.setPaused(paused)
  }

  async stopTask(id: TaskId, run: number): Promise<void> {
    const key = taskName(id)
    const instance = this.#tasks.get(key)
    if (instance?.run !== run) return this.#stopped.add(`task ${key}`, run)
    await instance.stop()
    this.#flushLog()
    if (this.#tasks.get(key) === instance) this.#tasks.delete(key)
  }

  async abandonTask(id: TaskId, run: number): Promise<void> {
    const key = taskName(id)
    const instance = this.#tasks.get(key)
    if (instance?.run !== run) return this.#stopped.add(`task ${key}`, run)
    this.#tasks.delete(key)
    const abandoned = instance.abandon()
    this.#flushLog()
    await abandoned
  }

  forgetTopics(connector: string): void {
    for (const task of this.#tasks.values()) if (task.id.connector === connector) task.forgetTopics()
  }

  setLogLevels(levels: readonly (readonly [string, LogLevel])[]): void {
    if (this.#environment === undefined) this.#levels = levels
    else this.#environment.loggers.levels.replaceAll(levels)
  }

  setLease(end: Instant): void {
    if (this.#environment === undefined) this.#leaseEnd = end
    else this.#environment.lease.renew(end)
  }

  /** Returns the metrics of the tasks that changed since the last call. */
  changedMetrics(): TaskMetricsUpdate[] {
    return this.#metrics.take(this.#tasks.values())
  }

  /**
   * Handles an error outside of any call. Returns true when its owner is known, and fails only that owner.
   */
  uncaught(owner: Owner | undefined, error: unknown): boolean {
    const task = [...this.#tasks.values()].find((candidate) => candidate.owner === owner)
    const connector = [...this.#connectors.values()].find((candidate) => candidate.owner === owner)
    task?.fail(error)
    connector?.fail(error)
    return task !== undefined || connector !== undefined
  }

  get environment(): HostEnvironment {
    if (this.#environment === undefined) throw new TypeError('the task host was used before it was started')
    return this.#environment
  }
}
