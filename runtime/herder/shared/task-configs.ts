import { ConnectError, type Props, type TaskProps } from '../../../api/index.ts'
import { connectorConfig, hasVariables, parseConfig } from '../../../config/index.ts'
import type { ConfigSnapshot, TaskId } from '../../stores/index.ts'

const countConfig = {
  'tasks.max': connectorConfig['tasks.max'],
  'tasks.max.enforce': connectorConfig['tasks.max.enforce'],
}

/** Most tasks that a connector may have. */
export function maxTasksOf(config: Props): number {
  return parseConfig({ 'tasks.max': countConfig['tasks.max'] }, config)['tasks.max']
}

/** Throws `HR_CONNECT` when a connector made more tasks than it may. Source: KIP-1004. */
export function refuseTooMany(name: string, config: Props, count: number): void {
  const { 'tasks.max': max, 'tasks.max.enforce': enforce } = parseConfig(countConfig, config)
  if (count <= max || !enforce) return
  const allowed = `the maximum number of tasks it is configured to create. This behaviour should be considered a bug and is disallowed. If necessary, it can be permitted by reconfiguring the connector with 'tasks.max.enforce' set to false; however, this option will be removed in a future release of Kafka Connect.`
  throw new ConnectError(
    'HR_CONNECT',
    `The connector ${name} has generated ${count} tasks, which is greater than ${max}, ${allowed}`,
  )
}

/**
 * Puts variables back where the connector's settings have them, so that what they stand for is not stored.
 *
 * Source: AbstractHerder.reverseTransform.
 */
export function withVariables(configs: readonly TaskProps[], connector: Props): TaskProps[] {
  const variables = Object.entries(connector).filter(
    (entry): entry is [string, string] => entry[1] !== null && hasVariables(entry[1]),
  )
  return configs.map((config) => ({
    ...config,
    ...Object.fromEntries(variables.filter(([key]) => Object.hasOwn(config, key))),
  }))
}

/** Whether new task settings differ from the stored ones, or belong to other settings of the connector. */
export function taskConfigsChanged(snapshot: ConfigSnapshot, name: string, configs: readonly TaskProps[]): boolean {
  if ((snapshot.taskCounts.get(name) ?? 0) !== configs.length || snapshot.inconsistent.has(name)) return true
  const stored = snapshot.taskConfigs.get(name)
  if (configs.some((config, task) => !sameProps(stored?.get(task), config))) return true
  const applied = snapshot.applied.get(name)
  return applied !== undefined && !sameProps(applied, snapshot.connectors.get(name) ?? {})
}

function sameProps(a: Props | undefined, b: Props): boolean {
  if (a === undefined) return false
  const keys = Object.keys(a)
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key])
}

/** Tasks of a connector, as many as were committed; none while its settings are incomplete. */
export function tasksOf(snapshot: ConfigSnapshot, name: string): TaskId[] {
  if (snapshot.inconsistent.has(name)) return []
  return Array.from({ length: snapshot.taskCounts.get(name) ?? 0 }, (_, task) => ({ connector: name, task }))
}
