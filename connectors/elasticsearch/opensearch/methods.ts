import type { DiagnoseContext, Finding, SinkTask, SinkTaskContext, TaskProps } from '../../../api/index.ts'
import { parseConfig } from '../../../java/index.ts'
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

export { validateOpensearchSink as validate } from './validation.ts'

/** Opens a task of the sink for OpenSearch. */
export function openTask(config: OpensearchSinkConfig, context: SinkTaskContext): SinkTask {
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

/** Inspects the servers of the sink, and what records are written to. */
export function diagnose(props: TaskProps, context: DiagnoseContext): Promise<readonly Finding[]> {
  const config = parseConfig(opensearchSinkConfig, props)
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
