import type { Finding, SinkConnector } from '../../../api/index.ts'
import { connectorCatalog } from '../../catalog.ts'
import { parseSettings } from '../config/parse-settings.ts'
import { diagnoseStorage } from '../diagnosis/diagnose.ts'
import { openObjectSink } from '../sink-task.ts'
import { aivenSinkConfig } from './definition.ts'
import { aivenLeftovers, fixedStart } from './leftovers.ts'
import { aivenSinkPlan } from './plan.ts'
import { aivenStorageSettings } from './storage-settings.ts'
import { validateAivenSink } from './validation.ts'

/** Names of settings in findings, which are those of Confluent's connector. */
const ownNames = {
  's3.bucket.name': 'aws.s3.bucket.name',
  's3.region': 'aws.s3.region',
  'store.url': 'aws.s3.endpoint',
  's3.ssea.name': 'aws.s3.sse.algorithm',
  's3.credentials.provider.class': 'aws.credentials.provider',
}

/**
 * Writes records to objects in a bucket of S3 or a compatible storage, with the settings, names and contents of Aiven's
 * connector: CSV, JSON, Avro or Parquet, grouped by partition, time or key.
 *
 * Objects are completed at each commit of offsets, every `offset.flush.interval.ms` of the worker.
 *
 * Source: AivenKafkaConnectS3SinkConnector, S3SinkTask.
 */
export const aivenS3Sink: SinkConnector<typeof aivenSinkConfig> = {
  ...connectorCatalog.aivenS3Sink,
  taskClass: 'io.aiven.kafka.connect.s3.S3SinkTask',
  config: aivenSinkConfig,
  validate: validateAivenSink,
  start: (_config, { props }) => ({
    taskConfigs: (maxTasks) => Array.from({ length: maxTasks }, () => props),
  }),
  alterOffsets: () => true,
  diagnose: (props, context): Promise<readonly Finding[]> => {
    const config = parseSettings(aivenSinkConfig, props)
    const diagnosed = {
      settings: aivenStorageSettings(config),
      use: 'write',
      prefix: fixedStart(config),
      renamed: ownNames,
    } as const
    return diagnoseStorage(diagnosed, context)
  },
  openTask: async (config, context) =>
    openObjectSink(
      {
        plan: await aivenSinkPlan(config),
        storage: aivenStorageSettings(config),
        leftovers: aivenLeftovers(config),
      },
      context,
    ),
}
