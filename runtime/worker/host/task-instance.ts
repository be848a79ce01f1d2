import { reasonOf, type Connector, type Logger } from '../../../api/index.ts'
import { traceOf } from '../../errors/index.ts'
import { Outages, type Blocked } from '../../kafka/index.ts'
import {
  ActiveTopics,
  newTaskMetrics,
  nextTaskState,
  Retries,
  TaskControl,
  TaskPluginMetrics,
  type TaskEvent,
  type TaskMetrics,
  type TaskState,
} from '../../task/index.ts'
import { taskName, type TaskId } from '../../stores/index.ts'
import { requireVersion } from '../../validation/index.ts'
import type { Owner, TaskStart } from '../protocol.ts'
import { CallWatch, RESOLVING } from './call-watch.ts'
import { resolved, type HostEnvironment } from './environment.ts'
import { runTask } from './setup/run-task.ts'
import type { TaskSetup } from './setup/task-setup.ts'
import { checkTaskCount } from './setup/task-count.ts'

const AT_ONCE_MS = 500

/** One task of this process, from start to end. Reports its state through events. */
export class TaskInstance {
  readonly owner: Owner
  readonly id: TaskId
  readonly run: number
  readonly #start: TaskStart
  readonly #environment: HostEnvironment
  readonly #control: TaskControl
  readonly #log: Logger
  readonly #topics: ActiveTopics
  readonly #done: Promise<void>
  readonly #metrics = newTaskMetrics()
  readonly #pluginMetrics = new TaskPluginMetrics()
  readonly #watch: CallWatch
  /** Current outages of the Kafka clients of the task. */
  #outage: Blocked | null = null
  /** The call that has not returned. */
  #lateCall: Blocked | null = null
  #state: TaskState = 'starting'
  #version = ''
  #built = false
  /** When the task was abandoned; its later events are dropped. */
  #abandonedAt: number | undefined

  constructor(start: TaskStart, environment: HostEnvironment) {
    this.#start = start
    this.owner = start.owner
    this.id = start.id
    this.run = start.run
    this.#environment = environment
    this.#control = new TaskControl(start.paused)
    const { id, run } = start
    const { connector, task } = id
    this.#log = environment.loggers.logger('headrace.task', { connector, task })
    this.#watch = new CallWatch(`task ${taskName(id)}`, this.#log, (late) => {
      this.#lateCall = late
      this.#noteBlocked()
    })
    this.#topics = new ActiveTopics((topic) => environment.events.topicUsed(id, run, topic))
    this.#done = environment.scope.within(start.owner, () => this.#run())
  }

  get metrics(): TaskMetrics {
    this.#metrics.plugin = this.#pluginMetrics.values()
    return this.#metrics
  }

  setPaused(paused: boolean): void {
    if (this.#state === 'failed' || this.#state === 'stopped') return
    this.#control.setPaused(paused)
  }

  /** Makes the task report its topics again. */
  forgetTopics(): void {
    this.#topics.forget()
  }

  /** Resolves when the task has ended. */
  async stop(): Promise<void> {
    this.#move('stop')
    this.#watch.close()
    this.#control.stopSoftly()
    await this.#done
  }

  /**
   * Resolves when the task has left its consumer group; the group need not wait for its session to expire.
   */
  async abandon(): Promise<void> {
    if (this.#state !== 'failed' && this.#state !== 'stopped') {
      const { blocked } = this.#metrics
      this.#log.warn(
        'the task did not stop in time and is abandoned; its code may still be running, and at its next start records after its last committed offsets are delivered again',
        blocked === null ? {} : { reason: blocked.reason },
      )
    }
    this.#abandonedAt ??= Date.now()
    this.#watch.close()
    this.#control.stopNow()
    await this.#control.released()
  }

  /** Fails the task after an error outside of any call: in a timer or an unhandled rejection. */
  fail(error: unknown): void {
    if (this.#state === 'failed' || this.#state === 'stopped') return
    this.#failed(error)
    void this.abandon()
  }

  async #run(): Promise<void> {
    try {
      await this.#runPlugin()
      this.#move('ended')
      if (!this.#endedAtOnce) this.#log.info(`${this.#name} has stopped${this.#lateness()}`)
      if (this.#abandonedAt === undefined) this.#environment.events.taskEnded(this.#start.id, this.#start.run)
    } catch (error) {
      if (this.#state === 'failed') return
      if (this.#control.stopping) this.#endedBadly(error)
      else this.#failed(error)
    }
  }

  async #runPlugin(): Promise<void> {
    const { id, run, taskCount, generation } = this.#start
    const { registry, events, loggers, lease, scope } = this.#environment
    const [{ props: connectorProps }, { props: taskProps }] = await this.#watch.during(
      RESOLVING,
      async () => [
        await resolved(this.#environment, this.#start.connectorProps),
        await resolved(this.#environment, this.#start.taskProps),
      ],
    )
    const plugin: Connector = registry.connector(connectorProps['connector.class'] ?? '')
    requireVersion(plugin, 'connector.plugin.version', connectorProps['connector.plugin.version'])
    this.#version = plugin.version
    checkTaskCount(id.connector, taskCount ?? 0, connectorProps, this.#log)
    const log = loggers.logger(plugin.name, { connector: id.connector, task: id.task })
    const setup: TaskSetup = {
      id,
      generation,
      connectorProps,
      taskProps,
      control: this.#control,
      calls: scope.calls(this.owner),
      metrics: this.#metrics,
      retries: new Retries(this.#metrics, log),
      pluginMetrics: this.#pluginMetrics,
      lease,
      log,
      outages: new Outages(log, (outage) => {
        this.#outage = outage
        this.#noteBlocked()
      }),
      watch: this.#watch,
      topicUsed: this.#topics.note,
      built: () => {
        this.#built = true
      },
      events: {
        running: () => {
          this.#move(this.#state === 'paused' ? 'resume' : 'started')
          this.#log.info('the task is running')
          events.taskRunning(id, run, this.#version)
        },
        paused: () => {
          this.#move('pause')
          this.#log.info('the task is paused')
          events.taskPaused(id, run, this.#version)
        },
      },
    }
    await runTask(plugin, setup, this.#environment)
  }

  /** The task in the log lines about its end. */
  get #name(): string {
    return this.#abandonedAt === undefined ? 'the task' : 'the abandoned task'
  }

  /** Whether it ended as soon as it was abandoned, which the warning has reported. */
  get #endedAtOnce(): boolean {
    return this.#abandonedAt !== undefined && Date.now() - this.#abandonedAt < AT_ONCE_MS
  }

  #lateness(): string {
    if (this.#abandonedAt === undefined) return ''
    return `, ${Math.round((Date.now() - this.#abandonedAt) / 1000)} s late`
  }

  #failed(error: unknown): void {
    const { id, run } = this.#start
    this.#move('failed')
    if (this.#abandonedAt === undefined) {
      this.#environment.events.taskFailed(id, run, traceOf(error), this.#built ? this.#version : null)
    }
    this.#log.error('the task failed; it stays failed until it is restarted', {
      reason: reasonOf(error),
      err: error,
    })
  }

  /** A task that fails while stopping still counts as stopped. */
  #endedBadly(error: unknown): void {
    const { id, run } = this.#start
    this.#log.warn(`${this.#name} failed while it was being stopped${this.#lateness()}`, {
      reason: reasonOf(error),
      err: error,
    })
    this.#move('ended')
    if (this.#abandonedAt === undefined) this.#environment.events.taskEnded(id, run)
  }

  /** An outage may be the reason why a call does not return. */
  #noteBlocked(): void {
    this.#metrics.blocked = this.#outage ?? this.#lateCall
  }

  #move(event: TaskEvent): void {
    this.#state = nextTaskState(this.#state, event)
  }
}
