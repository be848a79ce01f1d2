import { ConnectError, type Logger, type Props } from '../../../../api/index.ts'
import { connectorConfig, parseConfig } from '../../../../config/index.ts'

const countConfig = {
  'tasks.max': connectorConfig['tasks.max'],
  'tasks.max.enforce': connectorConfig['tasks.max.enforce'],
}

/** Returns the value of `tasks.max`. Throws `HR_CONFIG_INVALID`. */
export function maxTasks(props: Props): number {
  return parseConfig(countConfig, props)['tasks.max']
}

/**
 * Rejects more tasks than `tasks.max`, or logs a warning when `tasks.max.enforce` is false.
 *
 * Throws `HR_TOO_MANY_TASKS`. Source: Worker.checkTasksMax, KIP-1004.
 */
export function checkTaskCount(name: string, count: number, props: Props, log: Logger): void {
  const { 'tasks.max': max, 'tasks.max.enforce': enforce } = parseConfig(countConfig, props)
  if (count <= max) return
  const allowed = `the maximum number of tasks it is configured to create. This behaviour should be considered a bug and is disallowed. If necessary, it can be permitted by reconfiguring the connector with 'tasks.max.enforce' set to false; however, this option will be removed in a future release of Kafka Connect.`
  const message = `The connector ${name} has generated ${count} tasks, which is greater than ${max}, ${allowed}`
  if (enforce) throw new ConnectError('HR_TOO_MANY_TASKS', message)
  log.warn(message)
}
