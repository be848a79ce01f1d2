import { ConnectError, type TaskProps } from '../../../api/index.ts'
import { taskName, type TaskId } from '../../stores/index.ts'
import type { TaskMetrics } from '../../task/index.ts'
import type { LogLevel } from '../../telemetry/index.ts'
import type {
  ConnectorStart,
  ConnectorStarted,
  HostMethods,
  HostSettings,
  Owner,
  TaskStart,
} from '../protocol.ts'
import { ConnectorInstance } from './connector-instance.ts'
import type { HostEnvironment } from './environment.ts'
import { TaskInstance } from './task-instance.ts'

/**
 * Runs connectors and tasks: in a process of its own, steered through a channel, or in-process in tests.
 *
 * It owns the instances and nothing else; which instances there are to be is the herder's business.
 */
export class TaskHost implements HostMethods {
  readonly #prepare: (settings: HostSettings) => Promise<HostEnvironment>
  readonly #flushLog: () => void
  readonly #connectors = new Map<string, ConnectorInstance>()
  readonly #tasks = new Map<string, TaskInstance>()
  readonly #ids = new Map<string, TaskId>()
  #environment: HostEnvironment | undefined

  /** `prepare` loads the plugins once the settings are known; `flushLog` passes on the log lines that wait. */
  constructor(prepare: (settings: HostSettings) => Promise<HostEnvironment>, flushLog: () => void) {
    this.#prepare = prepare
    this.#flushLog = flushLog
  }

  async start(settings: HostSettings): Promise<void> {
    this.#environment = await this.#prepare(settings)
  }

  ping(): void {}

  async startConnector(start: ConnectorStart): Promise<ConnectorStarted> {
    const instance = new ConnectorInstance(start.name, start.owner, this.environment)
    this.#connectors.set(start.name, instance)
    try {
      const started = await instance.start(start)
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

  async stopConnector(name: string): Promise<void> {
    const instance = this.#connectors.get(name)
    this.#connectors.delete(name)
    await instance?.stop()
    this.#flushLog() // its process may be closed at once
  }

  async taskConfigs(name: string): Promise<TaskProps[]> {
    const instance = this.#connectors.get(name)
    if (instance === undefined) throw new ConnectError('HR_CONNECT', `Connector ${name} is not started`)
    return instance.taskConfigs()
  }

  async startTask(start: TaskStart): Promise<void> {
    const key = taskName(start.id)
    this.#tasks.get(key)?.abandon()
    this.#ids.set(key, start.id)
    this.#tasks.set(key, new TaskInstance(start, start.owner, this.environment))
  }

  setTaskPaused(id: TaskId, paused: boolean): void {
    this.#tasks.get(taskName(id))?.setPaused(paused)
  }

  async stopTask(id: TaskId): Promise<void> {
    const key = taskName(id)
    const instance = this.#tasks.get(key)
    await instance?.stop()
    this.#flushLog()
    if (this.#tasks.get(key) === instance) this.#tasks.delete(key)
  }

  abandonTask(id: TaskId): void {
    const key = taskName(id)
    this.#tasks.get(key)?.abandon()
    this.#tasks.delete(key)
  }

  forgetTopics(connector: string): void {
    for (const [key, task] of this.#tasks)
      if (this.#ids.get(key)?.connector === connector) task.forgetTopics()
  }

  setLogLevels(levels: readonly (readonly [string, LogLevel])[]): void {
    this.environment.loggers.levels.replaceAll(levels)
  }

  /** What each task has done so far. */
  metrics(): (readonly [TaskId, TaskMetrics])[] {
    return [...this.#tasks].flatMap(([key, task]) => {
      const id = this.#ids.get(key)
      return id === undefined ? [] : [[id, task.metrics] as const]
    })
  }

  /**
   * An error that no call of ours saw. True when its owner is known, and ended with it; the others go on.
   */
  uncaught(owner: Owner | undefined, error: unknown): boolean {
    const task = [...this.#tasks.values()].find((candidate) => candidate.owner === owner)
    const connector = [...this.#connectors.values()].find((candidate) => candidate.owner === owner)
    task?.fail(error)
    connector?.fail(error)
    return task !== undefined || connector !== undefined
  }

  get environment(): HostEnvironment {
    if (this.#environment === undefined) throw new TypeError('the task host is used before its start')
    return this.#environment
  }
}
