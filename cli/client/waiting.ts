import { setTimeout as sleep } from 'node:timers/promises'
import { CommandError } from '../exit-codes.ts'
import {
  connectorPath,
  errorOf,
  findStatus,
  taskSummary,
  traceHint,
  type ConnectorStatus,
  type InstanceStatus,
} from './states.ts'
import type { WorkerApi } from './worker-api.ts'

/** A state to wait for. */
export interface Goal {
  /** Completes "waiting for it …" in messages, such as `to run`. */
  readonly text: string
  /** Whether the status meets the goal; `status` is undefined when the connector does not exist. */
  reached(status: ConnectorStatus | undefined): boolean
  /** Whether the status has to hold for `staleMs`, since it may date from before the request. */
  readonly hasToStay: (status: ConnectorStatus | undefined) => boolean
  /** Whether a running connector needs at least one task, and a status for each configured task. */
  readonly needsTasks: boolean
  /** Whether a failed connector or task ends the wait. */
  readonly endsWithFailure: boolean
}

export interface Pace {
  /** Polling interval, in milliseconds. */
  readonly pollMs: number
  /** How long a status from before the request may still be returned, in milliseconds. */
  readonly staleMs: number
}

const DEFAULT_TIMEOUT_MS = 60_000
const usualPace: Pace = { pollMs: 250, staleMs: 2000 }

const instancesOf = ({ connector, tasks }: ConnectorStatus): InstanceStatus[] => [connector, ...tasks]
const allIn = (status: ConnectorStatus | undefined, ...states: string[]): boolean =>
  status !== undefined && instancesOf(status).every(({ state }) => states.includes(state))

export const running: Goal = {
  text: 'to run',
  reached: (status) => allIn(status, 'RUNNING'),
  hasToStay: () => false,
  needsTasks: true,
  endsWithFailure: true,
}

export const paused: Goal = {
  text: 'to be paused',
  reached: (status) => allIn(status, 'PAUSED'),
  hasToStay: () => false,
  needsTasks: false,
  endsWithFailure: true,
}

/** A failed connector stays FAILED after it is stopped. */
export const stopped: Goal = {
  text: 'to be stopped',
  reached: (status) =>
    status !== undefined &&
    status.tasks.length === 0 &&
    ['STOPPED', 'FAILED'].includes(status.connector.state),
  hasToStay: (status) => status?.connector.state === 'FAILED',
  needsTasks: false,
  endsWithFailure: false,
}

/** The connector and its tasks have reached their target state, whichever it is. */
export const restarted: Goal = {
  text: 'to be restarted',
  reached: (status) => allIn(status, 'RUNNING', 'PAUSED', 'STOPPED'),
  hasToStay: () => true,
  needsTasks: true,
  endsWithFailure: true,
}

export const reconfigured: Goal = { ...restarted, text: 'to apply its settings' }

export const gone: Goal = {
  text: 'to be deleted',
  reached: (status) => status === undefined,
  hasToStay: () => false,
  needsTasks: false,
  endsWithFailure: false,
}

/**
 * Polls the status of a connector until it meets the goal; resolves to its last status.
 *
 * Throws a CommandError when the connector or a task stays failed for `staleMs`, or when the wait times out.
 */
export async function waitFor(
  api: WorkerApi,
  name: string,
  goal: Goal,
  timeoutMs = DEFAULT_TIMEOUT_MS,
  { pollMs, staleMs } = usualPace,
): Promise<ConnectorStatus | undefined> {
  const deadline = Date.now() + timeoutMs
  let reachedAt: number | undefined
  let failedAt: number | undefined
  for (;;) {
    const status = await findStatus(api, name)
    const reached = goal.reached(status) && (!goal.needsTasks || (await hasItsTasks(api, status)))
    const now = Date.now()
    reachedAt = reached ? (reachedAt ?? now) : undefined
    if (reachedAt !== undefined && now - reachedAt >= (goal.hasToStay(status) ? staleMs : 0)) {
      return status
    }
    const failure = status === undefined ? undefined : failureOf(status)
    failedAt = failure === undefined ? undefined : (failedAt ?? now)
    if (goal.endsWithFailure && failedAt !== undefined && now - failedAt >= staleMs) {
      throw new CommandError(`${name}: ${failure}\n${traceHint(name)}`)
    }
    if (now + pollMs > deadline) throw new CommandError(tooLate(name, goal, status, timeoutMs))
    await sleep(pollMs)
  }
}

/**
 * Whether each configured task has a status. A task has none until it starts, and a slow start takes seconds. A
 * connector that is not running has no tasks to wait for.
 */
async function hasItsTasks(api: WorkerApi, status: ConnectorStatus | undefined): Promise<boolean> {
  if (status?.connector.state !== 'RUNNING') return true
  const { tasks } = (await api.request('GET', connectorPath(status.name))) as {
    readonly tasks: readonly { readonly task: number }[]
  }
  const started = new Set(status.tasks.map(({ id }) => id))
  return tasks.length > 0 && tasks.every(({ task }) => started.has(task))
}

function failureOf({ connector, tasks }: ConnectorStatus): string | undefined {
  if (connector.state === 'FAILED') return `the connector failed: ${errorOf(connector)}`
  const task = tasks.find(({ state }) => state === 'FAILED')
  return task === undefined ? undefined : `task ${task.id} failed: ${errorOf(task)}`
}

function tooLate(name: string, goal: Goal, status: ConnectorStatus | undefined, timeoutMs: number): string {
  const now =
    status === undefined
      ? 'it has no status'
      : `connector ${status.connector.state}, tasks: ${taskSummary(status.tasks)}`
  return `${name}: timed out after ${timeoutMs / 1000} s waiting for it ${goal.text} (${now})`
}
