import type { DiagnoseContext, Finding, SinkTask, SinkTaskContext, TaskProps } from '../../api/index.ts'
import { parseConfig } from '../../java/index.ts'
import { s3SinkConfig, type S3SinkConfig } from './config/definition.ts'
import { namePrefix, partitionOfKey, sinkPlan } from './config/plan.ts'
import { intervalWarning } from './config/rotation.ts'
import { storageSettings } from './config/storage-settings.ts'
import { diagnoseStorage } from './diagnosis/diagnose.ts'
import { openObjectSink } from './sink-task.ts'

export { validateS3Sink as validate } from './config/validation.ts'

/** Inspects the bucket of a sink with Confluent's settings. */
export function diagnose(props: TaskProps, context: DiagnoseContext): Promise<readonly Finding[]> {
  const config = parseConfig(s3SinkConfig, props)
  const diagnosed = { settings: storageSettings(config), use: 'write', prefix: namePrefix(config) } as const
  return diagnoseStorage(diagnosed, context)
}

/** Opens a task of a sink with Confluent's settings. */
export async function openTask(config: S3SinkConfig, context: SinkTaskContext): Promise<SinkTask> {
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
