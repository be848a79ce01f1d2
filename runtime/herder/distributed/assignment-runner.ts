import { messageOf, type Logger } from '../../../api/index.ts'
import { taskName, type ConfigSnapshot, type RestartRequest, type StatusStore } from '../../stores/index.ts'
import { within } from '../../timing/index.ts'
import type { Worker } from '../../worker/index.ts'
import type { Lifecycle } from '../shared/lifecycle.ts'
import type { StatusReporter } from '../shared/status-reporter.ts'
import { taskDefinition, tasksOf } from '../shared/task-configs.ts'
import type { Views } from '../shared/views.ts'
import type { PendingChanges } from './config-changes.ts'
import type { Work, WorkSet } from './assignment/work.ts'

/** Other workers wait for this one during a rebalance; a status that is written late does less harm. */
const STATUS_FLUSH_MS = 5000

export interface AssignmentRunnerParts {
  readonly worker: Pick<
    Worker,
    'connectorNames' | 'taskIds' | 'hasConnector' | 'hasTask' | 'isCurrent' | 'stopConnector' | 'stopTasks'
  >
  readonly statuses: StatusStore
  readonly reporter: StatusReporter
  readonly lifecycle: Pick<Lifecycle, 'startInBackground' | 'startTasks' | 'followTarget' | 'restart'>
  readonly views: Pick<Views, 'restartPlan'>
  snapshot(): ConfigSnapshot
  readonly log: Logger
}

/**
 * Starts and stops the connectors and tasks assigned to this worker, according to the assignment and the
 * config store.
 *
 * Source: DistributedHerder.startAndStop and processXxx.
 */
export class AssignmentRunner {
  readonly #parts: AssignmentRunnerParts

  constructor(parts: AssignmentRunnerParts) {
    this.#parts = parts
  }

  /** Stops revoked work and waits a bounded time until its states are written. */
  async stopAssigned({ connectors, tasks }: Work): Promise<void> {
    const { worker, statuses, log } = this.#parts
    await Promise.all([worker.stopTasks(tasks), ...connectors.map((name) => worker.stopConnector(name))])
    await within(STATUS_FLUSH_MS, statuses.flush(), () =>
      log.warn(
        'the states of stopped connectors and tasks are not stored yet; continuing the rebalance without them',
        {
          waitedMs: STATUS_FLUSH_MS,
        },
      ),
    )
  }

  /** Starts and stops instances until this worker runs exactly what is assigned. */
  async startAssigned(assigned: WorkSet): Promise<void> {
    const { worker, lifecycle } = this.#parts
    const connectors = worker.connectorNames.filter((name) => !assigned.connectors.has(name))
    const tasks = worker.taskIds.filter((id) => !assigned.tasks.has(taskName(id)))
    if (connectors.length + tasks.length > 0) await this.stopAssigned({ connectors, tasks })
    for (const name of assigned.connectors) if (!worker.hasConnector(name)) lifecycle.startInBackground(name)
    lifecycle.startTasks([...assigned.tasks.values()].filter((id) => !worker.hasTask(id)))
  }

  /** As leader, after a rebalance: deletes the states of removed connectors and tasks. */
  forgetRemoved(): void {
    const { statuses, reporter } = this.#parts
    const snapshot = this.#parts.snapshot()
    for (const name of statuses.connectors()) {
      const known = snapshot.connectors.has(name)
      const tasks = known ? tasksOf(snapshot, name).length : 0
      for (const task of statuses.tasks(name).keys())
        if (task >= tasks) statuses.removeTask({ connector: name, task })
      if (!known) reporter.connectorDeleted(name)
    }
  }

  /**
   * Applies changes that need no rebalance, as far as they concern this worker. A change that fails is logged
   * and does not prevent the others.
   */
  async apply(changes: PendingChanges): Promise<void> {
    const { lifecycle } = this.#parts
    await Promise.all(
      [...changes.connectors].map((name) => this.#try(name, () => this.#applyConnectorConfig(name))),
    )
    for (const name of changes.targetStates) await this.#try(name, () => lifecycle.followTarget(name))
    await Promise.all(
      [...changes.tasks].map((name) => this.#try(name, () => this.#stopOutdated(name, !changes.rebalance))),
    )
    for (const request of changes.restarts) await this.#try(request.connector, () => this.#restart(request))
  }

  async #try(connector: string, change: () => void | Promise<void>): Promise<void> {
    try {
      await change()
    } catch (error) {
      const reason = messageOf(error)
      this.#parts.log.error('cannot apply a change to a connector', { connector, reason })
    }
  }

  /** Ignores a removed connector; the rebalance that follows stops it. */
  async #applyConnectorConfig(name: string): Promise<void> {
    const { worker, lifecycle, snapshot, log } = this.#parts
    if (!worker.hasConnector(name) || !snapshot().connectors.has(name)) return
    log.info('restarting a connector with its new settings', { connector: name })
    await worker.stopConnector(name)
    lifecycle.startInBackground(name)
  }

  /**
   * Stops tasks whose settings have changed; they start with the new settings after the rebalance, or at once if the
   * last one has taken the change into account.
   *
   * Differs: tasks whose settings have not changed keep running.
   */
  async #stopOutdated(connector: string, startAgain: boolean): Promise<void> {
    const { worker, lifecycle, snapshot } = this.#parts
    const outdated = worker.taskIds.filter(
      (id) => id.connector === connector && !worker.isCurrent(taskDefinition(snapshot(), id)),
    )
    if (outdated.length > 0) await worker.stopTasks(outdated)
    if (startAgain) lifecycle.startTasks(outdated)
  }

  /** Ignores a connector without a state: it has not been started. */
  async #restart(request: RestartRequest): Promise<void> {
    const { statuses, views, lifecycle } = this.#parts
    if (statuses.connector(request.connector) === undefined) return
    await lifecycle.restart(views.restartPlan(request))
  }
}
