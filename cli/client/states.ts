import { RefusedRequest, type WorkerApi } from './worker-api.ts'
import { table } from './output.ts'

/** The state of a connector or of one of its tasks, as workers answer it. */
export interface InstanceStatus {
  readonly state: string
  readonly worker_id: string
  readonly trace?: string
}

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

/** Undefined when there is no such connector. */
export async function findStatus(api: WorkerApi, name: string): Promise<ConnectorStatus | undefined> {
  try {
    return await readStatus(api, name)
  } catch (error) {
    if (error instanceof RefusedRequest && error.status === 404) return undefined
    throw error
  }
}

/** States of all connectors, by their names. */
export async function readStatuses(api: WorkerApi): Promise<ConnectorStatus[]> {
  const answer = (await api.request('GET', '/connectors?expand=status')) as Readonly<
    Record<string, { readonly status: ConnectorStatus }>
  >
  return Object.values(answer)
    .map(({ status }) => status)
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
}

/** One line for each connector. */
export function connectorTable(statuses: readonly ConnectorStatus[], coloured: boolean): string {
  const rows = statuses.map(({ name, type, connector, tasks }) => {
    const broken = [connector, ...tasks].find(({ state }) => state === 'FAILED')
    return [name, type, connector.state, taskSummary(tasks), connector.worker_id, errorOf(broken)]
  })
  return table(['CONNECTOR', 'TYPE', 'STATE', 'TASKS', 'WORKER', 'ERROR'], rows, coloured)
}

/** A line for each connector and one for each task. */
export function statusTable(statuses: readonly ConnectorStatus[], coloured: boolean): string {
  const rows = statuses.flatMap(({ name, type, connector, tasks }) => [
    [name, type, connector.state, connector.worker_id, errorOf(connector)],
    ...tasks.map((task) => [`  task ${task.id}`, '', task.state, task.worker_id, errorOf(task)]),
  ])
  return table(['CONNECTOR', 'TYPE', 'STATE', 'WORKER', 'ERROR'], rows, coloured)
}

/** `2 running, 1 failed` */
export function taskSummary(tasks: readonly InstanceStatus[]): string {
  const counts = new Map<string, number>()
  for (const { state } of tasks) counts.set(state, (counts.get(state) ?? 0) + 1)
  const parts = [...counts].map(([state, count]) => `${count} ${state.toLowerCase()}`)
  return parts.length === 0 ? 'none' : parts.join(', ')
}

/** The first line of a trace: class and message. */
export const errorOf = (instance: InstanceStatus | undefined): string =>
  instance?.state === 'FAILED' ? (instance.trace?.split('\n', 1)[0] ?? '') : ''
