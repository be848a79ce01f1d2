import type { Props, TaskProps } from '../../../api/index.ts'
import { hasVariables, sameProps } from '../../../config/index.ts'
import type { ConfigSnapshot, TaskId } from '../../stores/index.ts'
import type { TaskDefinition } from '../../worker/index.ts'

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
export function taskConfigsChanged(
  snapshot: ConfigSnapshot,
  name: string,
  configs: readonly TaskProps[],
): boolean {
  if ((snapshot.taskCounts.get(name) ?? 0) !== configs.length || snapshot.inconsistent.has(name)) return true
  const stored = snapshot.taskConfigs.get(name)
  if (configs.some((config, task) => !sameProps(stored?.get(task) ?? {}, config))) return true
  const applied = snapshot.applied.get(name)
  return applied !== undefined && !sameProps(applied, snapshot.connectors.get(name) ?? {})
}

/** Tasks of a connector, as many as were committed; none while its settings are incomplete. */
export function tasksOf(snapshot: ConfigSnapshot, name: string): TaskId[] {
  if (snapshot.inconsistent.has(name)) return []
  return Array.from({ length: snapshot.taskCounts.get(name) ?? 0 }, (_, task) => ({ connector: name, task }))
}

/** A task as the config store has it now. */
export function taskDefinition(
  { connectors, taskConfigs, targetStates, taskCounts, applied }: ConfigSnapshot,
  id: TaskId,
): TaskDefinition {
  const isApplied = sameProps(applied.get(id.connector) ?? {}, connectors.get(id.connector) ?? {})
  return {
    id,
    connectorProps: connectors.get(id.connector) ?? {},
    taskProps: taskConfigs.get(id.connector)?.get(id.task) ?? {},
    targetState: targetStates.get(id.connector) ?? 'STARTED',
    taskCount: isApplied ? taskCounts.get(id.connector) : undefined,
  }
}
