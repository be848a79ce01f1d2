import type { DiagnoseContext, Finding, SinkTask, SinkTaskContext, TaskProps } from '../../../api/index.ts'
import { parseConfig } from '../../../java/index.ts'
import { diagnoseStorage } from '../diagnosis/diagnose.ts'
import { openObjectSink } from '../sink-task.ts'
import { aivenSinkConfig, type AivenSinkConfig } from './definition.ts'
import { aivenLeftovers, fixedStart } from './leftovers.ts'
import { aivenSinkPlan } from './plan.ts'
import { aivenStorageSettings } from './storage-settings.ts'

export { validateAivenSink as validate } from './validation.ts'

/** Names of settings in findings, which are those of Confluent's connector. */
const ownNames = {
  's3.bucket.name': 'aws.s3.bucket.name',
  's3.region': 'aws.s3.region',
  'store.url': 'aws.s3.endpoint',
  's3.ssea.name': 'aws.s3.sse.algorithm',
  's3.credentials.provider.class': 'aws.credentials.provider',
}

/** Inspects the bucket of a sink with Aiven's settings. */
export function diagnose(props: TaskProps, context: DiagnoseContext): Promise<readonly Finding[]> {
  const config = parseConfig(aivenSinkConfig, props)
  const diagnosed = {
    settings: aivenStorageSettings(config),
    use: 'write',
    prefix: fixedStart(config),
    renamed: ownNames,
  } as const
  return diagnoseStorage(diagnosed, context)
}

/** Opens a task of a sink with Aiven's settings. */
export async function openTask(config: AivenSinkConfig, context: SinkTaskContext): Promise<SinkTask> {
  return openObjectSink(
    {
      plan: await aivenSinkPlan(config),
      storage: aivenStorageSettings(config),
      leftovers: aivenLeftovers(config),
    },
    context,
  )
}
