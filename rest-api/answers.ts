import { ConnectError } from '../api/index.ts'
import type { ConnectorInfo, ConnectorStateInfo, Herder, InstanceInfo, TaskInfo } from '../runtime/index.ts'

const REQUEST_TIMEOUT_MS = 90_000

/** Settles like `answer`, or throws `HR_REQUEST_TIMEOUT` with the current stage of the herder. */
export async function inTime<T>(
  herder: Herder,
  answer: Promise<T>,
  timeoutMs = REQUEST_TIMEOUT_MS,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new ConnectError('HR_REQUEST_TIMEOUT', `Request timed out. ${herder.stage}`))
    }, timeoutMs)
  })
  try {
    return await Promise.race([answer, late])
  } finally {
    clearTimeout(timer)
  }
}

function instanceBody({ state, workerId, version, trace }: InstanceInfo) {
  return { state, worker_id: workerId, version, ...(trace === null || trace === '' ? {} : { trace }) }
}

export function taskBody(task: InstanceInfo & { readonly id: number }) {
  return { id: task.id, ...instanceBody(task) }
}

/** Source: ConnectorStateInfo. */
export function stateBody({ name, connector, tasks, type }: ConnectorStateInfo) {
  return { name, connector: instanceBody(connector), tasks: tasks.map(taskBody), type }
}

/** Source: ConnectorInfo. */
export function infoBody({ name, config, tasks, type }: ConnectorInfo) {
  return { name, config, tasks, type }
}

export function taskInfoBody({ id, config }: TaskInfo) {
  return { id, config }
}
