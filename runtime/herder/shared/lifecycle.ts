import { reasonOf, type Logger } from '../../../api/index.ts'
import type { ConfigSnapshot, TaskId } from '../../stores/index.ts'
import type { Worker } from '../../worker/index.ts'
import type { ConnectorStateInfo } from '../herder.ts'
import type { Reconfiguration } from './reconfiguration.ts'
import { toRestart } from './restart-plan.ts'
import type { StatusReporter } from './status-reporter.ts'
import { taskDefinition } from './task-configs.ts'

export type LifecycleWorker = Pick<
  Worker,
  | 'hasConnector'
  | 'hasTask'
  | 'startConnector'
  | 'stopConnector'
  | 'setConnectorTarget'
  | 'startTask'
  | 'stopTasks'
  | 'setTasksPaused'
>

export interface LifecycleParts {
  readonly worker: LifecycleWorker
  readonly reporter: StatusReporter
  readonly reconfiguration: Pick<Reconfiguration, 'request'>
  snapshot(): ConfigSnapshot
  readonly log: Logger
}

/**
 * Starts and restarts connectors and tasks of this worker according to the config store. Connectors may take
 * long; operations in the background log their errors in addition to the FAILED state.
 */
export class Lifecycle {
  readonly #parts: LifecycleParts

  constructor(parts: LifecycleParts) {
    this.#parts = parts
  }

  /** Starts a connector, if it still exists. Throws when the start fails. */
  async startConnector(name: string): Promise<void> {
    const { worker, snapshot } = this.#parts
    const { connectors, targetStates } = snapshot()
    const config = connectors.get(name)
    if (config === undefined) return
    await worker.startConnector(name, config, targetStates.get(name) ?? 'STARTED')
  }

  /** Like {@link startConnector}, but also requests the task configs. */
  async startWithTasks(name: string): Promise<void> {
    await this.startConnector(name)
    this.#parts.reconfiguration.request(name)
  }

  startInBackground(name: string): void {
    this.startWithTasks(name).catch((error: unknown) =>
      this.#logError('cannot start a connector', name, error),
    )
  }

  startTasks(ids: Iterable<TaskId>): void {
    const snapshot = this.#parts.snapshot()
    for (const id of ids) this.#parts.worker.startTask(taskDefinition(snapshot, id))
  }

  async restartTask(id: TaskId): Promise<void> {
    await this.#parts.worker.stopTasks([id])
    this.startTasks([id])
  }

  /** Executes a restart plan for the instances on this worker. */
  async restart(plan: ConnectorStateInfo): Promise<void> {
    const { worker, reporter } = this.#parts
    const { name } = plan
    const wanted = toRestart(plan)
    const withConnector = wanted.connector && worker.hasConnector(name)
    const tasks = wanted.tasks.map((task) => ({ connector: name, task })).filter((id) => worker.hasTask(id))
    if (withConnector) {
      await worker.stopConnector(name)
      reporter.connector(name, 'RESTARTING', null)
    }
    await worker.stopTasks(tasks)
    for (const id of tasks) reporter.task(id, 'RESTARTING', null)
    if (withConnector) this.startInBackground(name)
    this.startTasks(tasks)
  }

  /**
   * Moves the instances of a connector on this worker to its target state. If the connector is being stopped, its tasks
   * keep their state until their configs are removed, so that paused tasks do not resume in between.
   */
  followTarget(name: string): void {
    const { worker, snapshot, reconfiguration } = this.#parts
    const target = snapshot().targetStates.get(name)
    if (target === undefined || !snapshot().connectors.has(name)) return
    if (target !== 'STOPPED') worker.setTasksPaused(name, target === 'PAUSED')
    if (!worker.hasConnector(name)) return
    worker.setConnectorTarget(name, target).then(
      () => {
        if (target === 'STARTED') reconfiguration.request(name)
      },
      (error: unknown) =>
        this.#logError('cannot change the state of a connector to its target state', name, error),
    )
  }

  #logError(what: string, connector: string, error: unknown): void {
    this.#parts.log.error(what, { connector, reason: reasonOf(error), err: error })
  }
}
