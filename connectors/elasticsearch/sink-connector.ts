import type {
  DiagnoseContext,
  Finding,
  SinkConnector,
  SinkTask,
  SinkTaskContext,
  TaskProps,
} from '../../api/index.ts'
import { parseSettings } from '../../java/index.ts'
import { connectorCatalog } from '../catalog.ts'
import { topicsOf } from './config/checks/targets.ts'
import { elasticsearchSinkConfig, type ElasticsearchSinkConfig } from './config/definition.ts'
import { serverSettings } from './config/server-settings.ts'
import { targetOptions } from './config/targets.ts'
import { operationOptions, taskSettings } from './config/task-settings.ts'
import { validateElasticsearchSink } from './config/validation.ts'
import { diagnoseServer } from './diagnosis/diagnose.ts'
import { usesOf } from './diagnosis/permissions.ts'
import { operationBuilder } from './documents/index.ts'
import { openServer } from './server/index.ts'
import { openSinkTask } from './sink/index.ts'
import { openTargets, targetOf } from './targets/index.ts'
import { wordings } from './wording.ts'

/**
 * Writes records to indexes or data streams of Elasticsearch.
 *
 * The names of indexes, ids, documents and mappings are those of Confluent's connector. Each record is written at least once,
 * and with ids from keys or offsets, each document ends in its last version; see the README.
 *
 * Source: ElasticsearchSinkConnector, ElasticsearchSinkTask.
 */
export const elasticsearchSink: SinkConnector<typeof elasticsearchSinkConfig> = {
  ...connectorCatalog.elasticsearchSink,
  taskClass: 'io.confluent.connect.elasticsearch.ElasticsearchSinkTask',
  config: elasticsearchSinkConfig,
  validate: (props) => validateElasticsearchSink(props),
  start: (_config, { props }) => ({
    taskConfigs: (maxTasks) => Array.from({ length: maxTasks }, () => props),
  }),
  alterOffsets: () => true,
  diagnose: diagnoseElasticsearch,
  openTask: openElasticsearchTask,
}

function openElasticsearchTask(config: ElasticsearchSinkConfig, context: SinkTaskContext): SinkTask {
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

function diagnoseElasticsearch(props: TaskProps, context: DiagnoseContext): Promise<readonly Finding[]> {
  const config = parseSettings(elasticsearchSinkConfig, props)
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
