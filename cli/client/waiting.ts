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

/** What to wait for. */
export interface Goal {
  /** `to run`, for messages. */
  readonly text: string
  /** Whether it is reached; `status` is undefined when there is no such connector. */
  reached(status: ConnectorStatus | undefined): boolean
  /** Whether it has to stay reached for a while: it may be a state from before the request. */
  readonly hasToStay: (status: ConnectorStatus | undefined) => boolean
  /** Whether a running connector counts only with all tasks that it has settings for, and at least one. */
  readonly needsTasks: boolean
  /** Whether a failure of the connector or a task ends the wait. */
  readonly endsWithFailure: boolean
}

export interface Pace {
  /** Time between two looks, in milliseconds. */
  readonly pollMs: number
  /** A state from before the request may be seen for so long after it, in milliseconds. */
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

/** A connector that has failed stays FAILED when it is stopped. */
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

/** All is as it was meant to be, whatever that is. */
export const restarted: Goal = {
  text: 'to be restarted',
  reached: (status) => allIn(status, 'RUNNING', 'PAUSED', 'STOPPED'),
  hasToStay: () => true,
  needsTasks: true,
  endsWithFailure: true,
}

/** The same after its settings were replaced. */
export const goingOn: Goal = { ...restarted, text: 'to go on' }

export const gone: Goal = {
  text: 'to be gone',
  reached: (status) => status === undefined,
  hasToStay: () => false,
  needsTasks: false,
  endsWithFailure: false,
}

/**
 * Polls until a connector is as wanted; resolves to its last status.
 *
 * Throws a CommandError when it or a task fails and stays so, and when the time is over.
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
 * A task has no state before it starts, and a slow start takes seconds; that it is to come is known from its settings.
 * A connector that is not meant to run has no tasks to wait for.
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
      ? 'there is no status of it'
      : `it is ${status.connector.state}, its tasks: ${taskSummary(status.tasks)}`
  return `${name}: waited ${timeoutMs / 1000} s for it ${goal.text}, but ${now}`
}
