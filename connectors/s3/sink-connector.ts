import type { SinkConnector } from '../../api/index.ts'
import { connectorCatalog } from '../catalog.ts'
import { startEqualTasks } from '../shared/equal-tasks.ts'
import { loadedWhenCalled } from '../shared/loaded-when-called.ts'
import { s3SinkConfig } from './config/definition.ts'

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
  start: startEqualTasks,
  alterOffsets: () => true,
  ...loadedWhenCalled(() => import('./sink-methods.ts'), ['validate', 'diagnose', 'openTask']),
}
