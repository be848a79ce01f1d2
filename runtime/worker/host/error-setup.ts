import type { Logger, Props } from '../../../api/index.ts'
import { connectorConfig, parseConfig } from '../../../config/index.ts'
import { ErrorHandler, logReporter, type ErrorCounters, type FailureReporter } from '../../errors/index.ts'
import { taskName, type TaskId } from '../../stores/index.ts'

const keys = [
  'errors.retry.timeout',
  'errors.retry.delay.max.ms',
  'errors.tolerance',
  'errors.log.enable',
  'errors.log.include.messages',
] as const

type ErrorConfig = Pick<typeof connectorConfig, (typeof keys)[number]>

const errorConfig = Object.fromEntries(keys.map((key) => [key, connectorConfig[key]])) as ErrorConfig

/** The error handler of a task, as its connector's `errors.*` settings want it. */
export function createErrorHandler(
  id: TaskId,
  props: Props,
  counters: ErrorCounters,
  stop: AbortSignal,
  log: Logger,
): ErrorHandler {
  const config = parseConfig(errorConfig, props)
  const reporters: FailureReporter[] = []
  if (config['errors.log.enable']) {
    const includeMessages = config['errors.log.include.messages']
    reporters.push(logReporter({ task: taskName(id), includeMessages }, counters, log))
  }
  const settings = {
    retryTimeoutMs: config['errors.retry.timeout'],
    retryDelayMaxMs: config['errors.retry.delay.max.ms'],
    tolerance: config['errors.tolerance'] === 'all' ? 'all' : 'none',
  } as const
  return new ErrorHandler(settings, reporters, counters, stop)
}
