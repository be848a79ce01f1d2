import type {
  Finding,
  SourceDiagnoseContext,
  SourceTask,
  SourceTaskContext,
  TaskProps,
} from '../../../../api/index.ts'
import { parseConfig } from '../../../../java/index.ts'
import { aivenStorageSettings } from '../../aiven/storage-settings.ts'
import { diagnoseSource } from '../diagnosis.ts'
import { createChunkReader, readerCreator } from '../readers.ts'
import { openStoredSource, type SourceParts } from '../stored-source.ts'
import { aivenSourceConfig, type AivenSourceConfig } from './definition.ts'
import { aivenSourcePlan } from './plan.ts'
import { withAivenSinkDefaults } from './storage.ts'

export { checkSourceOffsets as alterOffsets } from '../positions/altered-offsets.ts'
export { validateAivenSource as validate } from './validation.ts'

/** Names of settings in findings, which are those of Confluent's connector. */
const ownNames = {
  's3.bucket.name': 'aws.s3.bucket.name',
  's3.region': 'aws.s3.region',
  'store.url': 'aws.s3.endpoint',
  's3.credentials.provider.class': 'aws.credentials.provider',
}

/** Inspects the bucket of a source with Aiven's settings. */
export function diagnose(props: TaskProps, context: SourceDiagnoseContext): Promise<readonly Finding[]> {
  return diagnoseSource(partsOf(parseConfig(aivenSourceConfig, props)), context, ownNames)
}

/** Opens a task of a source with Aiven's settings. */
export function openTask(config: AivenSourceConfig, context: SourceTaskContext): SourceTask {
  return openStoredSource(partsOf(config), context)
}

function partsOf(config: AivenSourceConfig): SourceParts {
  const createReader = readerCreator({ separator: '\n', mostBytes: config['headrace.s3.buffer.max.bytes'] })
  return {
    plan: aivenSourcePlan(config, createReader, createChunkReader),
    storage: aivenStorageSettings(withAivenSinkDefaults(config)),
  }
}
