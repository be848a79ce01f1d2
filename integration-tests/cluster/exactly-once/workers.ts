import { join } from 'node:path'
import { distributedProps, projectFolder } from '../../services/index.ts'
import { shortSessions } from '../three-workers.ts'

export const countingClass = 'headrace.tests.CountingSourceConnector'

/** Returns the settings of workers with exactly-once support, which settle quickly. */
export function exactlyOnceProps(bootstrapServers: string): Record<string, string> {
  return {
    ...distributedProps(bootstrapServers),
    ...shortSessions,
    'exactly.once.source.support': 'enabled',
    'scheduled.rebalance.max.delay.ms': '0',
    'plugin.path': join(projectFolder, 'integration-tests/cluster/packages'),
  }
}

/** Numbers from 1 to `last`, as `task:number`. */
export const numbers = (task: number, last: number): string[] =>
  Array.from({ length: last }, (_, index) => `${task}:${index + 1}`)

/** The values of one task, in order. */
export const ofTask = (values: readonly string[], task: number): string[] =>
  values.filter((value) => value.startsWith(`${task}:`))
