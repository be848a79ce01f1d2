import type { Logger } from '../../../api/index.ts'
import { taskName, type ConfigSnapshot, type RestartRequest, type StatusStore } from '../../stores/index.ts'
import type { Worker } from '../../worker/index.ts'
import type { Lifecycle } from '../shared/lifecycle.ts'
import type { StatusReporter } from '../shared/status-reporter.ts'
import { taskDefinition, tasksOf } from '../shared/task-configs.ts'
import type { Views } from '../shared/views.ts'
import type { PendingChanges } from './changes.ts'
import type { Work, WorkSet } from './assignment/work.ts'

export interface DutyParts {
  readonly worker: Worker
  readonly statuses: StatusStore
  readonly reporter: StatusReporter
  readonly lifecycle: Lifecycle
  readonly views: Views
  snapshot(): ConfigSnapshot
  readonly log: Logger
}

/**
 * What this worker does with the connectors and tasks that are assigned to it: starts and stops them as the
 * assignment and the config store have it.
 *
 * Source: DistributedHerder.startAndStop and processXxx.
 */
export class Duties {
  readonly #parts: DutyParts

  constructor(parts: DutyParts) {
    this.#parts = parts
  }

  /** Stops what is given up, and sees its states written. */
  async giveUp({ connectors, tasks }: Work): Promise<void> {
    const { worker, statuses } = this.#parts
    await Promise.all([worker.stopTasks(tasks), ...connectors.map((name) => worker.stopConnector(name))])
    await statuses.flush()
  }

  /** Makes what runs here equal to what is assigned. */
  async takeUp(assigned: WorkSet): Promise<void> {
    const { worker, lifecycle } = this.#parts
    const connectors = worker.connectorNames.filter((name) => !assigned.connectors.has(name))
    const tasks = worker.taskIds.filter((id) => !assigned.tasks.has(taskName(id)))
    if (connectors.length + tasks.length > 0) await this.giveUp({ connectors, tasks })
    for (const name of assigned.connectors) if (!worker.hasConnector(name)) lifecycle.startInBackground(name)
    lifecycle.startTasks([...assigned.tasks.values()].filter((id) => !worker.hasTask(id)))
  }

  /** As leader, after a rebalance: forgets the states of what is no more. */
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

  /** Carries out changes that need no rebalance, as far as they concern this worker. */
  async apply(changes: PendingChanges): Promise<void> {
    await Promise.all([...changes.connectors].map((name) => this.#applyConnectorConfig(name)))
    for (const name of changes.targetStates) this.#parts.lifecycle.followTarget(name)
    if (changes.tasks.size > 0) await this.#stopOutdated(changes.tasks)
    for (const request of changes.restarts) await this.#restart(request)
  }

  /** A removed connector is left to the rebalance that follows. */
  async #applyConnectorConfig(name: string): Promise<void> {
    const { worker, lifecycle, snapshot, log } = this.#parts
    if (!worker.hasConnector(name) || !snapshot().connectors.has(name)) return
    log.info('a connector is restarted with new settings', { connector: name })
    await worker.stopConnector(name)
    lifecycle.startInBackground(name)
  }

  /**
   * Stops tasks whose settings have changed; after the rebalance they start with the new ones.
   *
   * Differs: tasks whose settings are the same as before go on.
   */
  async #stopOutdated(connectors: ReadonlySet<string>): Promise<void> {
    const { worker, snapshot } = this.#parts
    const outdated = worker.taskIds.filter(
      (id) => connectors.has(id.connector) && !worker.isCurrent(taskDefinition(snapshot(), id)),
    )
    await worker.stopTasks(outdated)
  }

  /** A connector that has no state yet has nothing to be restarted. */
  async #restart(request: RestartRequest): Promise<void> {
    const { statuses, views, lifecycle } = this.#parts
    if (statuses.connector(request.connector) === undefined) return
    await lifecycle.restart(views.restartPlan(request))
  }
}
