import type { RestartRequest } from '../../stores/index.ts'
import type { ConnectorStateInfo, InstanceInfo } from '../herder.ts'

/**
 * The transitional states of a connector during a restart.
 *
 * Source: RestartPlan, RestartRequest (KIP-745).
 */
export function restartPlan(request: RestartRequest, state: ConnectorStateInfo): ConnectorStateInfo {
  const concerns = (instance: InstanceInfo) => !request.onlyFailed || instance.state === 'FAILED'
  return {
    ...state,
    connector: concerns(state.connector) ? restarting(state.connector) : state.connector,
    tasks: state.tasks.map((task) => (request.includeTasks && concerns(task) ? restarting(task) : task)),
  }
}

const restarting = <T extends InstanceInfo>(instance: T): T => ({ ...instance, state: 'RESTARTING' })

/** Whether a plan restarts the connector, and which of its tasks. */
export function toRestart(plan: ConnectorStateInfo): {
  readonly connector: boolean
  readonly tasks: readonly number[]
} {
  return {
    connector: plan.connector.state === 'RESTARTING',
    tasks: plan.tasks.filter(({ state }) => state === 'RESTARTING').map(({ id }) => id),
  }
}

/** Ranks restart requests by impact: of several pending ones, the highest counts. */
export function impact({ onlyFailed, includeTasks }: RestartRequest): number {
  if (onlyFailed) return includeTasks ? 1 : 0
  return includeTasks ? 3 : 2
}
