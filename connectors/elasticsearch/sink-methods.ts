import type { DiagnoseContext, Finding, SinkTask, SinkTaskContext, TaskProps } from '../../api/index.ts'
import { parseConfig } from '../../java/index.ts'
import { topicsOf } from './config/checks/targets.ts'
import { elasticsearchSinkConfig, type ElasticsearchSinkConfig } from './config/definition.ts'
import { serverSettings } from './config/server-settings.ts'
import { targetOptions } from './config/targets.ts'
import { operationOptions, taskSettings } from './config/task-settings.ts'
import { diagnoseServer } from './diagnosis/diagnose.ts'
import { usesOf } from './diagnosis/permissions.ts'
import { openServer } from './server/index.ts'
import { openServerSink } from './sink-task.ts'

export { validateElasticsearchSink as validate } from './config/validation.ts'

/** Opens a task of the sink for Elasticsearch. */
export function openTask(config: ElasticsearchSinkConfig, context: SinkTaskContext): SinkTask {
  return openServerSink(
    {
      server: serverSettings(config),
      targets: targetOptions(config),
      template: null,
      operations: operationOptions(config),
      task: taskSettings(config),
    },
    context,
  )
}

/** Inspects the servers of the sink, and what records are written to. */
export function diagnose(props: TaskProps, context: DiagnoseContext): Promise<readonly Finding[]> {
  const config = parseConfig(elasticsearchSinkConfig, props)
  const settings = serverSettings(config)
  return diagnoseServer(
    {
      server: openServer(settings, context.log),
      product: settings.product,
      topics: topicsOf(props),
      targets: targetOptions(config),
      uses: usesOf(config),
      pipeline: config['headrace.pipeline'],
      infersMapping: !config['schema.ignore'],
      createsTemplates: false,
    },
    context,
  )
}
