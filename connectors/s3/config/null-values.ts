import type { SinkPlan } from '../ports.ts'
import type { S3SinkConfig } from './definition.ts'

/** What happens to records whose value is null. Source: S3SinkTask.maybeSkipOnNullValue. */
export function nullValues(config: S3SinkConfig): SinkPlan['nullValues'] {
  switch (config['behavior.on.null.values'].toLowerCase()) {
    case 'ignore':
      return config['report.null.values.to.dlq'] ? 'report' : 'ignore'
    case 'write':
      return 'write'
    default:
      return 'fail'
  }
}

/** Whether the keys of such records are written. */
export const writesTombstones = (config: S3SinkConfig): boolean => nullValues(config) === 'write'
