import type { ConfigFault } from '../../../../api/index.ts'
import type { S3SinkConfig } from '../definition.ts'
import { extractors, partitionerClasses } from '../settings/classes.ts'
import { faultOf, invalid } from './fault.ts'

/** Checks how records are divided among directories, and when objects end. */
export function partitionerFaults(config: S3SinkConfig): readonly ConfigFault[] {
  return [...fieldFaults(config), ...extractorFaults(config), ...scheduleFaults(config)]
}

function fieldFaults(config: S3SinkConfig): readonly ConfigFault[] {
  const name = config['partitioner.class'] as keyof typeof partitionerClasses
  if (partitionerClasses[name] !== 'field' || config['partition.field.name'].length > 0) return []
  return faultOf(
    'Partition field name cannot be null or empty when using FieldPartitioner.',
    'partition.field.name',
  )
}

function extractorFaults(config: S3SinkConfig): readonly ConfigFault[] {
  const name = config['timestamp.extractor']
  if (Object.hasOwn(extractors, name)) return []
  const reason =
    'Java classes cannot be loaded; use Wallclock, Record or RecordField, with a transform that adds the field'
  return [invalid('timestamp.extractor', name, reason)]
}

function scheduleFaults(config: S3SinkConfig): readonly ConfigFault[] {
  if (config['rotate.schedule.interval.ms'] <= 0 || config['timezone'] !== '') return []
  return faultOf('timezone configuration must be set when using rotate.schedule.interval.ms', 'timezone')
}
