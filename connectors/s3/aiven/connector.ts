import type { SinkConnector } from '../../../api/index.ts'
import { connectorCatalog } from '../../catalog.ts'
import { startEqualTasks } from '../../shared/equal-tasks.ts'
import { loadedWhenCalled } from '../../shared/loaded-when-called.ts'
import { aivenSinkConfig } from './definition.ts'

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
  start: startEqualTasks,
  alterOffsets: () => true,
  ...loadedWhenCalled(() => import('./methods.ts'), ['validate', 'diagnose', 'openTask']),
}
