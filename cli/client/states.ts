import { rootCauseOfTrace } from '../../api/index.ts'
import { printable, table } from './output.ts'
import { isMissingRoute, RefusedRequest, type WorkerApi } from './worker-api.ts'

/** The state of a connector or task in the REST API. */
export interface InstanceStatus {
  readonly state: string
  readonly worker_id: string
  readonly trace?: string
}

/** Why a connector or task is blocked. Only Headrace workers report it. */
interface Blocked {
  readonly since: number
  readonly reason: string
}

/** The reasons why connectors and tasks are blocked, by {@link connectorKey} and {@link taskKey}. */
export type BlockedInstances = ReadonlyMap<string, Blocked>

export interface ConnectorStatus {
  readonly name: string
  readonly type: string
  readonly connector: InstanceStatus
  readonly tasks: readonly (InstanceStatus & { readonly id: number })[]
}

export const connectorPath = (name: string): string => `/connectors/${encodeURIComponent(name)}`

export async function readStatus(api: WorkerApi, name: string): Promise<ConnectorStatus> {
  return (await api.request('GET', `${connectorPath(name)}/status`)) as ConnectorStatus
}

/** Resolves to undefined when the connector does not exist. */
export async function findStatus(api: WorkerApi, name: string): Promise<ConnectorStatus | undefined> {
  try {
    return await readStatus(api, name)
  } catch (error) {
    if (error instanceof RefusedRequest && error.status === 404) return undefined
    throw error
  }
}

/** Resolves to the states of all connectors, sorted by name. */
export async function readStatuses(api: WorkerApi): Promise<ConnectorStatus[]> {
  const answer = (await api.request('GET', '/connectors?expand=status')) as Readonly<
    Record<string, { readonly status: ConnectorStatus }>
  >
  return Object.values(answer)
    .map(({ status }) => status)
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
}

const connectorKey = (connector: string): string => `connector ${connector}`
const taskKey = (connector: string, task: number): string => `task ${connector}-${task}`

interface Progress {
  readonly blocked?: Blocked | null
  readonly tasks: readonly { readonly task: number; readonly blocked?: Blocked | null }[]
}

/** Returns all blocked connectors and tasks; none for a Java worker, which does not report them. */
export async function readBlocked(api: WorkerApi): Promise<BlockedInstances> {
  try {
    const answer = (await api.request('GET', '/headrace/connectors')) as Readonly<Record<string, Progress>>
    return new Map(Object.entries(answer).flatMap(([name, progress]) => blockedOf(name, progress)))
  } catch (error) {
    if (isMissingRoute(error)) return new Map()
    throw error
  }
}

/** Omits a reason of a connector that is only repeated from one of its tasks. */
function blockedOf(name: string, { blocked, tasks }: Progress): [string, Blocked][] {
  const ofTasks = tasks.flatMap((task): [string, Blocked][] =>
    isBlocked(task.blocked) ? [[taskKey(name, task.task), task.blocked]] : [],
  )
  const repeated = ofTasks.some(
    ([, { since, reason }]) => since === blocked?.since && reason === blocked.reason,
  )
  return isBlocked(blocked) && !repeated ? [[connectorKey(name), blocked], ...ofTasks] : ofTasks
}

const isBlocked = (blocked: Blocked | null | undefined): blocked is Blocked =>
  blocked !== undefined && blocked !== null

/** Formats one line per connector, and a hint on how to show the traces of failures. */
export function connectorTable(statuses: readonly ConnectorStatus[], coloured: boolean): string {
  const rows = statuses.map(({ name, type, connector, tasks }) => {
    const broken = [connector, ...tasks].find((instance) => errorOf(instance) !== '')
    return [name, type, connector.state, taskSummary(tasks), connector.worker_id, errorOf(broken)]
  })
  return table(['CONNECTOR', 'TYPE', 'STATE', 'TASKS', 'WORKER', 'ERROR'], rows, coloured) + hintOn(statuses)
}

/**
 * Formats one line per connector and per task, with the error of a failed one or the reason why it is blocked, and a
 * hint on how to show the traces of failures.
 */
export function statusTable(
  statuses: readonly ConnectorStatus[],
  coloured: boolean,
  blocked: BlockedInstances = new Map(),
): string {
  const rows = statuses.flatMap(({ name, type, connector, tasks }) => [
    [
      name,
      type,
      connector.state,
      connector.worker_id,
      errorOf(connector) || waitOf(blocked.get(connectorKey(name))),
    ],
    ...tasks.map((task) => [
      `  task ${task.id}`,
      '',
      task.state,
      task.worker_id,
      errorOf(task) || waitOf(blocked.get(taskKey(name, task.id))),
    ]),
  ])
  return table(['CONNECTOR', 'TYPE', 'STATE', 'WORKER', 'ERROR'], rows, coloured) + hintOn(statuses)
}

/** `2 running, 1 failed` */
export function taskSummary(tasks: readonly InstanceStatus[]): string {
  const counts = new Map<string, number>()
  for (const { state } of tasks) counts.set(state, (counts.get(state) ?? 0) + 1)
  const parts = [...counts].map(([state, count]) => `${count} ${state.toLowerCase()}`)
  return parts.length === 0 ? 'none' : parts.join(', ')
}

/**
 * Returns the class and message of the root cause of a failure, or why no worker may run an instance; an empty string for
 * others.
 */
export const errorOf = (instance: InstanceStatus | undefined): string =>
  instance?.state === 'FAILED' || instance?.state === 'UNASSIGNED'
    ? rootCauseOfTrace(instance.trace ?? '')
    : ''

const waitOf = (blocked: Blocked | undefined): string =>
  blocked === undefined ? '' : `blocked since ${new Date(blocked.since).toISOString()}: ${blocked.reason}`

export const traceHint = (name: string): string => `headrace status ${name} --trace shows the full trace`

function hintOn(statuses: readonly ConnectorStatus[]): string {
  const failed = statuses.filter((status) => failuresOf(status).length > 0)
  const [first] = failed
  if (first === undefined) return ''
  return `\n\n${failed.length === 1 ? traceHint(first.name) : 'headrace status --trace shows the full traces'}`
}

interface Failure {
  /** `connector` or `task N`. */
  readonly what: string
  readonly instance: InstanceStatus
}

function failuresOf({ connector, tasks }: ConnectorStatus): Failure[] {
  const instances = [
    { what: 'connector', instance: connector },
    ...tasks.map((task) => ({ what: `task ${task.id}`, instance: task })),
  ]
  return instances.filter(({ instance }) => instance.state === 'FAILED')
}

/** Formats the full trace of each failed connector and task. */
export function traceText(statuses: readonly ConnectorStatus[]): string {
  const blocks = statuses.flatMap((status) =>
    failuresOf(status).map(({ what, instance }) => {
      const lines = (instance.trace ?? 'no trace').trimEnd().split('\n')
      const trace = lines.map((line) => `  ${printable(line.replaceAll('\t', '  ').trimEnd())}`)
      return [`${printable(status.name)}: ${what} failed on ${printable(instance.worker_id)}`, ...trace].join(
        '\n',
      )
    }),
  )
  return blocks.length === 0 ? 'nothing has failed' : blocks.join('\n\n')
}
