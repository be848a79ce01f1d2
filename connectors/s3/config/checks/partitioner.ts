import { isConnectError, type ConfigFault } from '../../../../api/index.ts'
import { partitionerKind } from '../../partitioner/index.ts'
import type { S3SinkConfig } from '../definition.ts'
import { partitionerOf } from '../partitioner.ts'
import { faultOf } from './fault.ts'

/** Checks how records are divided among directories, and when objects end. */
export function partitionerFaults(config: S3SinkConfig): readonly ConfigFault[] {
  return [...fieldFaults(config), ...creationFaults(config), ...scheduleFaults(config)]
}

function fieldFaults(config: S3SinkConfig): readonly ConfigFault[] {
  const isField = partitionerKind(config['partitioner.class']) === 'field'
  if (!isField || config['partition.field.name'].length > 0) return []
  return faultOf(
    'Partition field name cannot be null or empty when using FieldPartitioner.',
    'partition.field.name',
  )
}

/** The partitioner checks its settings when it is created. */
function creationFaults(config: S3SinkConfig): readonly ConfigFault[] {
  try {
    partitionerOf(config)
    return []
  } catch (error) {
    if (!isConnectError(error) || error.configKey === undefined) throw error
    return faultOf(error.message, error.configKey)
  }
}

/** Source: S3SinkConnectorConfig.validateTimezone. */
function scheduleFaults(config: S3SinkConfig): readonly ConfigFault[] {
  if (config['rotate.schedule.interval.ms'] <= 0 || config['timezone'] !== '') return []
  return faultOf('timezone configuration must be set when using rotate.schedule.interval.ms', 'timezone')
}
