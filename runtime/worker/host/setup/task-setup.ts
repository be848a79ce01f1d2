import type { Logger, Props, TaskProps } from '../../../../api/index.ts'
import { distributedWorkerConfig, parseValue } from '../../../../config/index.ts'
import type { Outages } from '../../../kafka/index.ts'
import type { TaskId } from '../../../stores/index.ts'
import type {
  PluginCalls,
  Retries,
  TaskControl,
  TaskEvents,
  TaskMetrics,
  TaskPluginMetrics,
} from '../../../task/index.ts'
import type { Lease } from '../../../timing/index.ts'
import type { CallWatch } from '../call-watch.ts'

/** The parts of a task that is about to run. Variables in its settings are resolved. */
export interface TaskSetup {
  readonly id: TaskId
  readonly connectorProps: Props
  readonly taskProps: TaskProps
  readonly control: TaskControl
  readonly events: TaskEvents
  readonly calls: PluginCalls
  readonly metrics: TaskMetrics
  readonly retries: Retries
  readonly pluginMetrics: TaskPluginMetrics
  /** Held while no other worker may have the task. */
  readonly lease: Lease
  readonly log: Logger
  /** Shared by all Kafka clients of the task. */
  readonly outages: Outages
  /** Watches the call that opens the task. */
  readonly watch: CallWatch
  readonly topicUsed: (topic: string) => void
  /** Generation of its settings. */
  readonly generation: number
  /** Called when all plugins of the task have been created. */
  built(): void
}

/** Commit interval when `offset.flush.interval.ms` is 0 or less. */
const SHORTEST_FLUSH_INTERVAL_MS = 100

/**
 * Returns when to commit offsets, from the settings of the worker.
 *
 * Differs: with an `offset.flush.interval.ms` of 0 or less, sources of Kafka Connect never commit, and its sinks commit
 * in a busy loop.
 */
export function commitSettings(worker: Readonly<Record<string, string>>) {
  const read = (key: 'offset.flush.interval.ms' | 'offset.flush.timeout.ms') =>
    Number(parseValue(key, 'long', worker[key] ?? distributedWorkerConfig[key].default))
  const intervalMs = read('offset.flush.interval.ms')
  return {
    flushIntervalMs: intervalMs > 0 ? intervalMs : SHORTEST_FLUSH_INTERVAL_MS,
    flushTimeoutMs: read('offset.flush.timeout.ms'),
  }
}
