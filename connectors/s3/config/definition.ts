import type { Infer } from '../../../api/index.ts'
import { inGroup } from '../../shared/setting-rules.ts'
import { accessSettings } from './settings/access.ts'
import { connectorSettings, namingSettings, parquetSettings, schemaSettings } from './settings/connector.ts'
import { memorySettings, roleSettings } from './settings/extensions.ts'
import { keysAndHeadersSettings } from './settings/keys-and-headers.ts'
import { partitionerSettings } from './settings/partitioner.ts'
import { storageSettings } from './settings/storage.ts'
import { writingSettings } from './settings/writing.ts'

/**
 * The settings of the sink, in Confluent's order, and own ones at the end.
 *
 * Source: S3SinkConnectorConfig.getConfig.
 */
export const s3SinkConfig = {
  ...connectorSettings,
  ...namingSettings,
  ...schemaSettings,
  ...parquetSettings,
  ...inGroupS3(),
  ...keysAndHeadersSettings,
  ...storageSettings,
  ...partitionerSettings,
  ...memorySettings,
  ...roleSettings,
}

/** The parsed settings. */
export type S3SinkConfig = Infer<typeof s3SinkConfig>

/** The last setting is internal and has no group. */
function inGroupS3() {
  const { 'max.files.scan.limit': scanLimit, ...writing } = writingSettings
  return { ...inGroup('S3', { ...accessSettings, ...writing }), 'max.files.scan.limit': scanLimit }
}
