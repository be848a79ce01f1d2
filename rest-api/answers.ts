import type { ConnectorInfo, ConnectorStateInfo, InstanceInfo, TaskInfo } from '../runtime/index.ts'

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
