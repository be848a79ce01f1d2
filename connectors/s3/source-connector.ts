import type { SourceConnector } from '../../api/index.ts'
import { connectorCatalog } from '../catalog.ts'
import { loadedWhenCalled } from '../shared/loaded-when-called.ts'
import { s3SourceConfig } from './source/config/definition.ts'
import { tasksOf } from './source/task-settings.ts'

/**
 * Reads the objects of a bucket of S3 or a compatible storage: those of the sink, into the same topics and partitions, or
 * any objects with JSON, text, bytes, Avro or Parquet.
 *
 * The partition of objects with offsets in their names is `{ bucket, series }`, the offset
 * `{ object, records, done, modified }`. Other objects are divided into 64 slots: the partition is
 * `{ bucket, prefix, slot }`, the offset `{ through, until, after, recent, object, modified, records }`. See the README.
 *
 * Source: Confluent's S3SourceConnector, by its documentation. Differs: formats, compressions and directories are found
 * out; positions are exact.
 */
export const s3Source: SourceConnector<typeof s3SourceConfig> = {
  ...connectorCatalog.s3Source,
  taskClass: 'io.confluent.connect.s3.source.S3SourceTask',
  config: s3SourceConfig,
  start: (_config, { props }) => ({ taskConfigs: (maxTasks) => tasksOf(props, maxTasks) }),
  exactlyOnceSupport: () => 'supported',
  ...loadedWhenCalled(
    () => import('./source-methods.ts'),
    ['validate', 'alterOffsets', 'diagnose', 'openTask'],
  ),
}
