import type {
  DiagnoseContext,
  Finding,
  SinkConnector,
  SinkTask,
  SinkTaskContext,
  TaskProps,
} from '../../../api/index.ts'
import { parseSettings } from '../../../java/index.ts'
import { connectorCatalog } from '../../catalog.ts'
import { topicsOf } from '../config/checks/targets.ts'
import { diagnoseServer } from '../diagnosis/diagnose.ts'
import { operationBuilder } from '../documents/index.ts'
import { openServer } from '../server/index.ts'
import { openSinkTask } from '../sink/index.ts'
import { openTargets, targetOf } from '../targets/index.ts'
import { wordings } from '../wording.ts'
import { opensearchSinkConfig, type OpensearchSinkConfig } from './definition.ts'
import {
  opensearchOperations,
  opensearchServer,
  opensearchTargets,
  opensearchTask,
  streamTemplate,
  usesDataStreams,
} from './options.ts'
import { validateOpensearchSink } from './validation.ts'

/**
 * Writes records to indexes or data streams of OpenSearch, with the settings of Aiven's connector.
 *
 * It has the guarantees of the sink for Elasticsearch. Roles of AWS are refused.
 *
 * Source: OpenSearchSinkConnector, OpenSearchSinkTask.
 */
export const opensearchSink: SinkConnector<typeof opensearchSinkConfig> = {
  ...connectorCatalog.opensearchSink,
  taskClass: 'io.aiven.kafka.connect.opensearch.OpensearchSinkTask',
  config: opensearchSinkConfig,
  validate: validateOpensearchSink,
  start: (_config, { props }) => ({
    taskConfigs: (maxTasks) => Array.from({ length: maxTasks }, () => props),
  }),
  alterOffsets: () => true,
  diagnose: diagnoseOpensearch,
  openTask: openOpensearchTask,
}

function openOpensearchTask(config: OpensearchSinkConfig, context: SinkTaskContext): SinkTask {
  const operations = opensearchOperations(config)
  const server = openServer(opensearchServer(config), context.log)
  const wording = wordings.opensearch
  return openSinkTask({
    context,
    settings: opensearchTask(config),
    server,
    targetOf: targetOf(opensearchTargets(config)),
    targets: openTargets({
      server,
      logger: context.log,
      schemaIgnore: operations.schemaIgnore,
      schemaIgnoreTopics: operations.schemaIgnoreTopics,
      template: streamTemplate(config),
      wording,
    }),
    operations: operationBuilder(operations),
    wording,
  })
}

function diagnoseOpensearch(props: TaskProps, context: DiagnoseContext): Promise<readonly Finding[]> {
  const config = parseSettings(opensearchSinkConfig, props)
  const { writeMethod, nullValues, schemaIgnore } = opensearchOperations(config)
  const targets = opensearchTargets(config)
  return diagnoseServer(
    {
      server: openServer(opensearchServer(config), context.log),
      product: 'opensearch',
      topics: topicsOf(props),
      targets,
      uses: {
        appends: usesDataStreams(config),
        updates: writeMethod === 'upsert',
        deletes: nullValues === 'delete',
        creates: targets.external === null,
      },
      pipeline: null,
      infersMapping: !schemaIgnore,
      createsTemplates: streamTemplate(config) !== null,
    },
    context,
  )
}
