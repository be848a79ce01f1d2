import type { Finding, SourceConnector } from '../../../../api/index.ts'
import { connectorCatalog } from '../../../catalog.ts'
import { aivenStorageSettings } from '../../aiven/storage-settings.ts'
import { parseSettings } from '../../config/parse-settings.ts'
import { diagnoseSource } from '../diagnosis.ts'
import { checkSourceOffsets } from '../positions/altered-offsets.ts'
import { createChunkReader, readerCreator } from '../readers.ts'
import { openStoredSource, tasksOf, type SourceParts } from '../stored-source.ts'
import { aivenSourceConfig, type AivenSourceConfig } from './definition.ts'
import { aivenSourcePlan } from './plan.ts'
import { withAivenSinkDefaults } from './storage.ts'
import { validateAivenSource } from './validation.ts'

/** Names of settings in findings, which are those of Confluent's connector. */
const ownNames = {
  's3.bucket.name': 'aws.s3.bucket.name',
  's3.region': 'aws.s3.region',
  'store.url': 'aws.s3.endpoint',
  's3.credentials.provider.class': 'aws.credentials.provider',
}

/**
 * Reads objects of a bucket of S3 or a compatible storage, with the settings of Aiven's connector. The key of a record is the
 * key of its object.
 *
 * Source: io.aiven.kafka.connect.s3.source.S3SourceConnector. Differs: positions have a bounded size, and are not those of
 * Aiven's connector: to go on after it, set native.start.key.
 */
export const aivenS3Source: SourceConnector<typeof aivenSourceConfig> = {
  ...connectorCatalog.aivenS3Source,
  taskClass: 'io.aiven.kafka.connect.s3.source.S3SourceTask',
  config: aivenSourceConfig,
  validate: validateAivenSource,
  start: (_config, { props }) => ({ taskConfigs: (maxTasks) => tasksOf(props, maxTasks) }),
  exactlyOnceSupport: () => 'supported',
  alterOffsets: (_props, offsets) => checkSourceOffsets(offsets),
  diagnose: (props, context): Promise<readonly Finding[]> =>
    diagnoseSource(partsOf(parseSettings(aivenSourceConfig, props)), context, ownNames),
  openTask: (config, context) => openStoredSource(partsOf(config), context),
}

function partsOf(config: AivenSourceConfig): SourceParts {
  const createReader = readerCreator({ separator: '\n', mostBytes: config['headrace.s3.buffer.max.bytes'] })
  return {
    plan: aivenSourcePlan(config, createReader, createChunkReader),
    storage: aivenStorageSettings(withAivenSinkDefaults(config)),
  }
}
