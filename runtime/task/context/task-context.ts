import type { Logger, TaskContext, TaskKafka, TaskProps } from '../../../api/index.ts'
import type { TaskId } from '../../stores/index.ts'
import type { TaskMetrics } from '../metrics.ts'
import type { TaskControl } from '../stop.ts'
import type { TaskPluginMetrics } from './plugin-metrics.ts'
import { ProgressReports } from './progress-reports.ts'
import type { Retries } from './retries.ts'

export interface TaskContextParts {
  readonly id: TaskId
  readonly taskProps: TaskProps
  readonly log: Logger
  readonly control: TaskControl
  readonly metrics: TaskMetrics
  readonly retries: Retries
  readonly pluginMetrics: TaskPluginMetrics
  readonly kafka: TaskKafka
}

/** Returns the part of the context that source and sink tasks share. */
export function taskContext(parts: TaskContextParts): TaskContext {
  const { id, taskProps, log, control, metrics, retries, pluginMetrics, kafka } = parts
  const reports = new ProgressReports(metrics, log)
  return {
    ...id,
    props: taskProps,
    log,
    signal: control.ending,
    hardStop: control.stop.hard,
    fail: (error) => control.fail(error),
    progress: (progress) => reports.report(progress),
    retrying: (retry) => retries.report(retry),
    metrics: pluginMetrics,
    kafka,
  }
}
