import type { DiagnoseContext, Finding, SinkTask, SinkTaskContext, TaskProps } from '../../api/index.ts'
import { parseConfig } from '../../java/index.ts'
import { topicsOf } from './config/checks/targets.ts'
import { elasticsearchSinkConfig, type ElasticsearchSinkConfig } from './config/definition.ts'
import { serverSettings } from './config/server-settings.ts'
import { targetOptions } from './config/targets.ts'
import { operationOptions, taskSettings } from './config/task-settings.ts'
import { diagnoseServer } from './diagnosis/diagnose.ts'
import { usesOf } from './diagnosis/permissions.ts'
import { operationBuilder } from './documents/index.ts'
import { openServer } from './server/index.ts'
import { openSinkTask } from './sink/index.ts'
import { openTargets, targetOf } from './targets/index.ts'
import { wordings } from './wording.ts'

export { validateElasticsearchSink as validate } from './config/validation.ts'

/** Opens a task of the sink for Elasticsearch. */
export function openTask(config: ElasticsearchSinkConfig, context: SinkTaskContext): SinkTask {
  const operations = operationOptions(config)
  const server = openServer(serverSettings(config), context.log)
  const wording = wordings.elasticsearch
  return openSinkTask({
    context,
    settings: taskSettings(config),
    server,
    targetOf: targetOf(targetOptions(config)),
    targets: openTargets({
      server,
      logger: context.log,
      schemaIgnore: operations.schemaIgnore,
      schemaIgnoreTopics: operations.schemaIgnoreTopics,
      template: null,
      wording,
    }),
    operations: operationBuilder(operations),
    wording,
  })
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
