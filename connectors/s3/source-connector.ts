import type { Finding, SourceConnector, TaskProps } from '../../api/index.ts'
import { connectorCatalog } from '../catalog.ts'
import { unescapeJava } from './config/java-escapes.ts'
import { parseSettings } from './config/parse-settings.ts'
import { storageSettings } from './config/storage-settings.ts'
import { s3SourceConfig, type S3SourceConfig } from './source/config/definition.ts'
import { sourcePlan } from './source/config/plan.ts'
import { withSinkDefaults } from './source/config/storage.ts'
import { validateS3Source } from './source/config/validation.ts'
import { diagnoseSource } from './source/diagnosis.ts'
import { checkSourceOffsets } from './source/positions/altered-offsets.ts'
import { readerCreator } from './source/readers.ts'
import { openStoredSource, tasksOf, type SourceParts } from './source/stored-source.ts'

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
  validate: validateS3Source,
  start: (_config, { props }) => ({ taskConfigs: (maxTasks) => tasksOf(props, maxTasks) }),
  exactlyOnceSupport: () => 'supported',
  alterOffsets: (_props, offsets) => checkSourceOffsets(offsets),
  diagnose: (props, context): Promise<readonly Finding[]> =>
    diagnoseSource(partsOf(parseSettings(s3SourceConfig, props), props), context, {}),
  openTask: (config, context) => openStoredSource(partsOf(config, context.props), context),
}

/** White space counts in the separator, which is therefore read from the texts. */
function partsOf(config: S3SourceConfig, props: TaskProps): SourceParts {
  const separator = unescapeJava(props['format.bytearray.separator'] ?? '\n')
  return {
    plan: sourcePlan(config, readerCreator({ separator, mostBytes: config['headrace.s3.buffer.max.bytes'] })),
    storage: storageSettings(withSinkDefaults(config)),
  }
}
