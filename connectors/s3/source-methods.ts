import type {
  Finding,
  SourceDiagnoseContext,
  SourceTask,
  SourceTaskContext,
  TaskProps,
} from '../../api/index.ts'
import { parseConfig } from '../../java/index.ts'
import { unescapeJava } from './config/java-escapes.ts'
import { storageSettings } from './config/storage-settings.ts'
import { s3SourceConfig, type S3SourceConfig } from './source/config/definition.ts'
import { sourcePlan } from './source/config/plan.ts'
import { withSinkDefaults } from './source/config/storage.ts'
import { diagnoseSource } from './source/diagnosis.ts'
import { readerCreator } from './source/readers.ts'
import { openStoredSource, type SourceParts } from './source/stored-source.ts'

export { validateS3Source as validate } from './source/config/validation.ts'
export { checkSourceOffsets as alterOffsets } from './source/positions/altered-offsets.ts'

/** Inspects the bucket of a source with Confluent's settings. */
export function diagnose(props: TaskProps, context: SourceDiagnoseContext): Promise<readonly Finding[]> {
  return diagnoseSource(partsOf(parseConfig(s3SourceConfig, props), props), context, {})
}

/** Opens a task of a source with Confluent's settings. */
export function openTask(config: S3SourceConfig, context: SourceTaskContext): SourceTask {
  return openStoredSource(partsOf(config, context.props), context)
}

/** White space counts in the separator, which is therefore read from the texts. */
function partsOf(config: S3SourceConfig, props: TaskProps): SourceParts {
  const separator = unescapeJava(props['format.bytearray.separator'] ?? '\n')
  return {
    plan: sourcePlan(config, readerCreator({ separator, mostBytes: config['headrace.s3.buffer.max.bytes'] })),
    storage: storageSettings(withSinkDefaults(config)),
  }
}
