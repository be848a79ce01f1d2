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
  /**
   * How long the status has to hold: for `staleMs` if it may date from before the request, for `settleMs` if a failure may
   * follow at once; undefined if it need not hold.
   */
  readonly hasToStay: (status: ConnectorStatus | undefined) => 'staleMs' | 'settleMs' | undefined
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
  /** How long instances have to be running, in milliseconds: a task may fail with its first records. */
  readonly settleMs: number
  /** Returns the time in milliseconds. */
  now(): number
  sleep(ms: number): Promise<unknown>
}

const DEFAULT_TIMEOUT_MS = 60_000
const usualPace: Pace = { pollMs: 250, staleMs: 2000, settleMs: 1000, now: Date.now, sleep }

const instancesOf = ({ connector, tasks }: ConnectorStatus): InstanceStatus[] => [connector, ...tasks]
const allIn = (status: ConnectorStatus | undefined, ...states: string[]): boolean =>
  status !== undefined && instancesOf(status).every(({ state }) => states.includes(state))

export const running: Goal = {
  text: 'to run',
  reached: (status) => allIn(status, 'RUNNING'),
  hasToStay: () => 'settleMs',
  needsTasks: true,
  endsWithFailure: true,
}

export const paused: Goal = {
  text: 'to be paused',
  reached: (status) => allIn(status, 'PAUSED'),
  hasToStay: () => undefined,
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
  hasToStay: (status) => (status?.connector.state === 'FAILED' ? 'staleMs' : undefined),
  needsTasks: false,
  endsWithFailure: false,
}

/** The connector and its tasks have reached their target state, whichever it is. */
export const restarted: Goal = {
  text: 'to be restarted',
  reached: (status) => allIn(status, 'RUNNING', 'PAUSED', 'STOPPED'),
  hasToStay: () => 'staleMs',
  needsTasks: true,
  endsWithFailure: true,
}

export const reconfigured: Goal = { ...restarted, text: 'to apply its settings' }

export const gone: Goal = {
  text: 'to be deleted',
  reached: (status) => status === undefined,
  hasToStay: () => undefined,
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
  pace = usualPace,
): Promise<ConnectorStatus | undefined> {
  const { pollMs, staleMs } = pace
  const deadline = pace.now() + timeoutMs
  let reachedAt: number | undefined
  let failedAt: number | undefined
  for (;;) {
    const status = await findStatus(api, name)
    const reached = goal.reached(status) && (!goal.needsTasks || (await hasItsTasks(api, status)))
    const now = pace.now()
    reachedAt = reached ? (reachedAt ?? now) : undefined
    const toStay = goal.hasToStay(status)
    if (reachedAt !== undefined && now - reachedAt >= (toStay === undefined ? 0 : pace[toStay])) return status
    const failure = status === undefined ? undefined : failureOf(status)
    failedAt = failure === undefined ? undefined : (failedAt ?? now)
    if (goal.endsWithFailure && failedAt !== undefined && now - failedAt >= staleMs) {
      throw new CommandError(`${name}: ${failure}\n${traceHint(name)}`)
    }
    const isLast = now + pollMs > deadline
    if (isLast && reached && toStay === 'settleMs') return status
    if (isLast) throw new CommandError(tooLate(name, goal, status, timeoutMs))
    await pace.sleep(pollMs)
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
