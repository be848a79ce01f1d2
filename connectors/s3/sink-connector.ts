import type { Finding, SinkConnector, SinkTask, SinkTaskContext } from '../../api/index.ts'
import { connectorCatalog } from '../catalog.ts'
import { s3SinkConfig, type S3SinkConfig } from './config/definition.ts'
import { namePrefix, partitionOfKey, sinkPlan } from './config/plan.ts'
import { intervalWarning } from './config/rotation.ts'
import { parseSettings } from './config/parse-settings.ts'
import { storageSettings } from './config/storage-settings.ts'
import { validateS3Sink } from './config/validation.ts'
import { diagnoseStorage } from './diagnosis/diagnose.ts'
import { openObjectSink } from './sink-task.ts'

/**
 * Writes records to objects in a bucket of S3 or a compatible storage, as JSON, Avro, Parquet or bytes.
 *
 * The names of objects are those of Confluent's connector. Each record is in exactly one object, also after a failure of the
 * worker, if the clock decides nothing about directories; see the README.
 *
 * Source: S3SinkConnector, S3SinkTask.
 */
export const s3Sink: SinkConnector<typeof s3SinkConfig> = {
  ...connectorCatalog.s3Sink,
  taskClass: 'io.confluent.connect.s3.S3SinkTask',
  config: s3SinkConfig,
  validate: validateS3Sink,
  start: (_config, { props }) => ({
    taskConfigs: (maxTasks) => Array.from({ length: maxTasks }, () => props),
  }),
  alterOffsets: () => true,
  diagnose: (props, context): Promise<readonly Finding[]> => {
    const config = parseSettings(s3SinkConfig, props)
    const diagnosed = { settings: storageSettings(config), use: 'write', prefix: namePrefix(config) } as const
    return diagnoseStorage(diagnosed, context)
  },
  openTask: openS3SinkTask,
}

async function openS3SinkTask(config: S3SinkConfig, context: SinkTaskContext): Promise<SinkTask> {
  const plan = await sinkPlan(config, context.props)
  const warning = intervalWarning(config, plan.rotation)
  if (warning !== undefined) context.log.warn(warning)
  return openObjectSink(
    {
      plan,
      storage: storageSettings(config),
      leftovers: { prefix: namePrefix(config), partitionOfKey: partitionOfKey(config) },
    },
    context,
  )
}
