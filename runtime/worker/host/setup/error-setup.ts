import type { Props } from '../../../../api/index.ts'
import { connectorConfig, deadLetterConfig, parseConfig } from '../../../../config/index.ts'
import {
  ErrorHandler,
  logReporter,
  type DeadLetterBytes,
  type FailureReporter,
} from '../../../errors/index.ts'
import { taskName } from '../../../stores/index.ts'
import { openDeadLetterQueue } from './dead-letters.ts'
import type { TaskSetup } from './task-setup.ts'

const keys = [
  'errors.retry.timeout',
  'errors.retry.delay.max.ms',
  'errors.tolerance',
  'errors.log.enable',
  'errors.log.include.messages',
] as const

type ErrorConfig = Pick<typeof connectorConfig, (typeof keys)[number]>

const errorConfig = {
  ...(Object.fromEntries(keys.map((key) => [key, connectorConfig[key]])) as ErrorConfig),
  ...deadLetterConfig,
}

/** The parsed `errors.*` settings of a connector. */
export type ErrorPlan = ReturnType<typeof errorPlan>

/** Throws `HR_CONFIG_INVALID`. */
export function errorPlan(props: Props) {
  const config = parseConfig(errorConfig, props)
  const topic = config['errors.deadletterqueue.topic.name'].trim()
  return {
    retryTimeoutMs: config['errors.retry.timeout'],
    retryDelayMaxMs: config['errors.retry.delay.max.ms'],
    tolerance: config['errors.tolerance'] === 'all' ? 'all' : 'none',
    logs: config['errors.log.enable'],
    logsRecords: config['errors.log.include.messages'],
    deadLetters:
      topic === ''
        ? undefined
        : {
            topic,
            replicationFactor: config['errors.deadletterqueue.topic.replication.factor'],
            contextHeaders: config['errors.deadletterqueue.context.headers.enable'],
          },
  } as const
}

/**
 * Creates the error handler of a task, and the topic of its dead letter queue when that does not exist.
 *
 * `bytesOf` returns the record to write to the queue for a failed record.
 */
export async function createErrorHandler(
  plan: ErrorPlan,
  setup: TaskSetup,
  worker: Readonly<Record<string, string>>,
  bytesOf: DeadLetterBytes,
): Promise<ErrorHandler> {
  const { id, metrics, control, log } = setup
  const reporters: FailureReporter[] = []
  if (plan.logs) {
    const options = { task: taskName(id), includeMessages: plan.logsRecords }
    reporters.push(logReporter(options, metrics.errors, log))
  }
  if (plan.deadLetters !== undefined) {
    reporters.push(await openDeadLetterQueue(plan.deadLetters, setup, worker, bytesOf))
  }
  return new ErrorHandler(plan, reporters, metrics.errors, control.stop.soft)
}
