import { isConnectError } from '../../api/index.ts'
import type { TargetState } from '../stores/index.ts'
import type { ConnectorStateInfo, HerderQueries } from './herder.ts'

export type Outcome = 'reached' | 'failed' | 'timeout'

export type GoalHerder = Pick<HerderQueries, 'status' | 'targetState'>

/** Returns the outcome of a change, or undefined while it is pending. `since`: time of the request, in epoch ms. */
export type Goal = (herder: GoalHerder, name: string, since: number) => Outcome | undefined

const targetOfState = { STARTED: 'RUNNING', PAUSED: 'PAUSED', STOPPED: 'STOPPED' } as const

/** The worker has read the target state, and the connector and all its tasks have reached it. */
export const reached =
  (target: TargetState): Goal =>
  (herder, name, since) =>
    herder.targetState(name) === target ? settled(herder, name, since) : undefined

/** The connector and all its tasks have reached the target state. */
export const settled: Goal = (herder, name) => {
  const status = statusOf(herder, name)
  if (status === undefined) return undefined
  const target = herder.targetState(name)
  const wanted = targetOfState[target]
  const states = [status.connector, ...status.tasks].map(({ state }) => state)
  if (target === 'STOPPED') {
    return ['STOPPED', 'FAILED'].includes(status.connector.state) && status.tasks.length === 0
      ? 'reached'
      : undefined
  }
  if (states.includes('FAILED')) return 'failed'
  const hasTasks = status.tasks.length >= 1 || target !== 'STARTED'
  return hasTasks && states.every((state) => state === wanted) ? 'reached' : undefined
}

/** Like {@link settled}, after the connector has restarted. */
export const settledAfterRestart: Goal = (herder, name, since) => {
  const status = statusOf(herder, name)
  return status === undefined || status.connector.since < since ? undefined : settled(herder, name, since)
}

export const gone: Goal = (herder, name) => (statusOf(herder, name) === undefined ? 'reached' : undefined)

function statusOf(herder: GoalHerder, name: string): ConnectorStateInfo | undefined {
  try {
    return herder.status(name)
  } catch (error) {
    if (isConnectError(error) && error.code === 'HR_NOT_FOUND') return undefined
    throw error
  }
}
