import { ConnectError, type Props } from '../../../api/index.ts'
import { copiedHashOrder } from '../../../config/index.ts'
import type { PluginCatalog } from '../../plugins/index.ts'
import {
  taskName,
  type ConfigSnapshot,
  type RestartRequest,
  type SeenStatus,
  type StatusStore,
  type TargetState,
  type TaskId,
} from '../../stores/index.ts'
import type { ConnectorInfo, ConnectorStateInfo, ConnectorType, InstanceInfo, TaskInfo } from '../herder.ts'
import { restartPlan } from './restart-plan.ts'
import { tasksOf } from './task-configs.ts'

/** A connector that runs longer than this without task configs has no tasks. */
const FIRST_TASKS_MS = 10_000
/** Source: HerderRequestHandler, on RebalanceNeededException. */
const NOT_YET =
  'Cannot complete request momentarily due to stale configuration (typically caused by a concurrent config change)'

/** Queries answered from the stores alone. Throws `HR_NOT_FOUND` for unknown names. */
export class Views {
  readonly #snapshot: () => ConfigSnapshot
  readonly #statuses: StatusStore
  readonly #catalog: PluginCatalog

  constructor(snapshot: () => ConfigSnapshot, statuses: StatusStore, catalog: PluginCatalog) {
    this.#snapshot = snapshot
    this.#statuses = statuses
    this.#catalog = catalog
  }

  /** In Java's order: that of a copied HashMap. */
  connectors(): string[] {
    return copiedHashOrder([...this.#snapshot().connectors.keys()], (name) => name)
  }

  config(name: string): Props {
    const config = this.#snapshot().connectors.get(name)
    if (config === undefined) throw notFound(`Connector ${name} not found`)
    return config
  }

  info(name: string): ConnectorInfo {
    const config = this.config(name)
    return { name, config, tasks: tasksOf(this.#snapshot(), name), type: this.typeOf(config) }
  }

  tasks(name: string): TaskInfo[] {
    this.config(name)
    const snapshot = this.#snapshot()
    const configs = snapshot.taskConfigs.get(name)
    return tasksOf(snapshot, name).map((id) => ({ id, config: configs?.get(id.task) ?? {} }))
  }

  status(name: string): ConnectorStateInfo {
    const connector = this.#statuses.connector(name)
    if (connector === undefined) throw notFound(`No status found for connector ${name}`)
    const tasks = [...this.#statuses.tasks(name)].map(([id, status]) => ({ id, ...instanceInfo(status) }))
    const config = this.#snapshot().connectors.get(name)
    const type = config === undefined ? 'unknown' : this.typeOf(config)
    return { name, connector: instanceInfo(connector), tasks, type }
  }

  taskStatus(id: TaskId): InstanceInfo & { readonly id: number } {
    const status = this.#statuses.task(id)
    if (status === undefined) throw notFound(`No status found for task ${taskName(id)}`)
    return { id: id.task, ...instanceInfo(status) }
  }

  /** The error for a missing item: `HR_REBALANCING` when the connector is so new that it may still appear. */
  missing(connector: string, message: string): ConnectError {
    return this.#isNew(connector) ? new ConnectError('HR_REBALANCING', NOT_YET) : notFound(message)
  }

  /** The transitional states of a restart. Throws the error of {@link missing} if the connector has no state yet. */
  restartPlan(request: RestartRequest): ConnectorStateInfo {
    const { connector } = request
    if (this.#statuses.connector(connector) === undefined) {
      throw this.missing(connector, `Status for connector ${connector} not found`)
    }
    return restartPlan(request, this.status(connector))
  }

  topics(name: string): string[] {
    return this.#statuses.topics(name).map(({ topic }) => topic)
  }

  resetTopics(name: string): void {
    for (const topic of this.topics(name)) this.#statuses.removeTopic(name, topic)
  }

  targetState(name: string): TargetState {
    return this.#snapshot().targetStates.get(name) ?? 'STARTED'
  }

  typeOf(config: Props): ConnectorType {
    const kind = this.#catalog.find(config['connector.class'] ?? '')?.kind
    return kind === 'source' || kind === 'sink' ? kind : 'unknown'
  }

  /** Whether the connector has just been created and has not provided its task configs. */
  #isNew(name: string): boolean {
    const { connectors, taskCounts } = this.#snapshot()
    if (!connectors.has(name) || taskCounts.has(name) || this.targetState(name) !== 'STARTED') return false
    const status = this.#statuses.connector(name)
    if (status === undefined) return true
    return status.state !== 'FAILED' && Date.now() - status.since < FIRST_TASKS_MS
  }
}

function instanceInfo({ state, workerId, trace, version, since, restarts }: SeenStatus): InstanceInfo {
  return { state, workerId, trace, version, since, restarts }
}

export function notFound(message: string): ConnectError {
  return new ConnectError('HR_NOT_FOUND', message)
}
