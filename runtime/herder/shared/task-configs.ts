import type { Props, TaskProps } from '../../../api/index.ts'
import { hasVariables, sameProps } from '../../../config/index.ts'
import type { ConfigSnapshot, TaskId } from '../../stores/index.ts'
import type { TaskDefinition } from '../../worker/index.ts'

/**
 * Restores config provider variables where the connector config has them, so that resolved values are not
 * stored.
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

/** Whether task configs differ from the stored ones, or were made from a different connector config. */
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

/** Committed tasks of a connector; empty while its task configs are incomplete. */
export function tasksOf(snapshot: ConfigSnapshot, name: string): TaskId[] {
  if (snapshot.inconsistent.has(name)) return []
  return Array.from({ length: snapshot.taskCounts.get(name) ?? 0 }, (_, task) => ({ connector: name, task }))
}

/** A task as currently stored in the config store. */
export function taskDefinition(
  { connectors, taskConfigs, targetStates, taskCounts, applied, generations }: ConfigSnapshot,
  id: TaskId,
): TaskDefinition {
  const isApplied = sameProps(applied.get(id.connector) ?? {}, connectors.get(id.connector) ?? {})
  return {
    id,
    connectorProps: connectors.get(id.connector) ?? {},
    taskProps: taskConfigs.get(id.connector)?.get(id.task) ?? {},
    targetState: targetStates.get(id.connector) ?? 'STARTED',
    taskCount: isApplied ? taskCounts.get(id.connector) : undefined,
    generation: generations.get(id.connector) ?? 0,
  }
}
