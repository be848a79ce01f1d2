import type { ConfigFault, TaskProps } from '../../../api/index.ts'
import { isWellFormed, parseConfig } from '../../../java/index.ts'
import { accessFaults } from './checks/access.ts'
import { formatFaults } from './checks/formats.ts'
import { partitionerFaults } from './checks/partitioner.ts'
import { s3SinkConfig } from './definition.ts'

/**
 * Returns what is wrong with settings that depend on others. The messages are Confluent's where it checks the same. While a
 * setting is invalid by itself, nothing else is checked.
 *
 * Source: S3SinkConnectorValidator, FieldPartitionerValidator and S3SinkConnectorConfig.validateTimezone. Differs: settings
 * without effect because of others are refused, such as a key for encryption without encryption.
 */
export function validateS3Sink(props: TaskProps): readonly ConfigFault[] {
  if (!isWellFormed(s3SinkConfig, props)) return []
  const config = parseConfig(s3SinkConfig, props)
  return [...formatFaults(config), ...partitionerFaults(config), ...accessFaults(config)]
}
