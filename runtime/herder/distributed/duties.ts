import { messageOf, type Logger } from '../../../api/index.ts'
import type { ConfigSnapshot, RestartRequest, StatusStore, TaskId } from '../../stores/index.ts'
import { taskName } from '../../stores/index.ts'
import type { Worker } from '../../worker/index.ts'
import type { Reconfiguration } from '../shared/reconfiguration.ts'
import { toRestart } from '../shared/restart-plan.ts'
import type { StatusReporter } from '../shared/status-reporter.ts'
import { taskDefinition, tasksOf } from '../shared/task-configs.ts'
import type { ConnectorStateInfo } from '../herder.ts'
import type { PendingChanges } from './changes.ts'
import type { Work, WorkSet } from './assignment/work.ts'

export interface DutyParts {
  readonly worker: Worker
  readonly statuses: StatusStore
  readonly reporter: StatusReporter
  readonly reconfiguration: Reconfiguration
  snapshot(): ConfigSnapshot
  /** The states that a restart leads to; undefined when the connector has none. */
  planOf(request: RestartRequest): ConnectorStateInfo | undefined
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
    const { worker } = this.#parts
    const connectors = worker.connectorNames.filter((name) => !assigned.connectors.has(name))
    const tasks = worker.taskIds.filter((id) => !assigned.tasks.has(taskName(id)))
    if (connectors.length + tasks.length > 0) await this.giveUp({ connectors, tasks })
    for (const name of assigned.connectors) if (!worker.hasConnector(name)) this.#startInBackground(name)
    for (const id of assigned.tasks.values()) if (!worker.hasTask(id)) this.#startTask(id)
  }

  /** As leader, after a rebalance: forgets the states of what is no more. */
  forgetRemoved(): void {
    const { statuses } = this.#parts
    const snapshot = this.#parts.snapshot()
    for (const name of statuses.connectors()) {
      const known = snapshot.connectors.has(name)
      const tasks = known ? tasksOf(snapshot, name).length : 0
      for (const task of statuses.tasks(name).keys())
        if (task >= tasks) statuses.removeTask({ connector: name, task })
      if (known) continue
      statuses.removeConnector(name)
      for (const { topic } of statuses.topics(name)) statuses.removeTopic(name, topic)
    }
  }

  /** Carries out changes that need no rebalance, as far as they concern this worker. */
  async apply(changes: PendingChanges): Promise<void> {
    for (const name of changes.connectors) await this.#applyConnectorConfig(name)
    for (const name of changes.targetStates) this.#applyTargetState(name)
    if (changes.tasks.size > 0) await this.#stopOutdated(changes.tasks)
    for (const request of changes.restarts) await this.#restart(request)
  }

  /** Starts a connector that is assigned here. Throws what kept it from starting. */
  async startConnector(name: string): Promise<void> {
    const { connectors, targetStates } = this.#parts.snapshot()
    const config = connectors.get(name)
    if (config === undefined) return
    await this.#parts.worker.startConnector(name, config, targetStates.get(name) ?? 'STARTED')
    this.#parts.reconfiguration.request(name)
  }

  async restartTask(id: TaskId): Promise<void> {
    await this.#parts.worker.stopTasks([id])
    this.#startTask(id)
  }

  /** A removed connector is left to the rebalance that follows. */
  async #applyConnectorConfig(name: string): Promise<void> {
    const { worker, snapshot, log } = this.#parts
    if (!worker.hasConnector(name) || !snapshot().connectors.has(name)) return
    log.info('a connector is restarted with new settings', { connector: name })
    await worker.stopConnector(name)
    this.#startInBackground(name)
  }

  #applyTargetState(name: string): void {
    const { worker, snapshot, reconfiguration } = this.#parts
    const target = snapshot().targetStates.get(name)
    if (target === undefined || !snapshot().connectors.has(name)) return
    worker.setTasksPaused(name, target === 'PAUSED')
    if (!worker.hasConnector(name)) return
    worker.setConnectorTarget(name, target).then(
      () => {
        if (target === 'STARTED') reconfiguration.request(name)
      },
      (error: unknown) => this.#tell('a connector does not follow its target state', name, error),
    )
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

  async #restart(request: RestartRequest): Promise<void> {
    const { worker, reporter, planOf } = this.#parts
    const plan = planOf(request)
    if (plan === undefined) return
    const { connector: withConnector, tasks } = toRestart(plan)
    const name = request.connector
    const ownConnector = withConnector && worker.hasConnector(name)
    const ids = tasks.map((task) => ({ connector: name, task })).filter((id) => worker.hasTask(id))
    if (ownConnector) await worker.stopConnector(name)
    await worker.stopTasks(ids)
    if (ownConnector) {
      reporter.connector(name, 'RESTARTING', null)
      this.#startInBackground(name)
    }
    for (const id of ids) {
      reporter.task(id, 'RESTARTING', null)
      this.#startTask(id)
    }
  }

  #startInBackground(name: string): void {
    this.startConnector(name).catch((error: unknown) =>
      this.#tell('a connector could not be started', name, error),
    )
  }

  #startTask(id: TaskId): void {
    this.#parts.worker.startTask(taskDefinition(this.#parts.snapshot(), id))
  }

  #tell(what: string, connector: string, error: unknown): void {
    this.#parts.log.error(what, { connector, reason: messageOf(error) })
  }
}
