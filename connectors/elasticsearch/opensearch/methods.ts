import type { DiagnoseContext, Finding, SinkTask, SinkTaskContext, TaskProps } from '../../../api/index.ts'
import { parseConfig } from '../../../java/index.ts'
import { topicsOf } from '../config/checks/targets.ts'
import { diagnoseServer } from '../diagnosis/diagnose.ts'
import { openServer } from '../server/index.ts'
import { openServerSink } from '../sink-task.ts'
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
  return openServerSink(
    {
      server: opensearchServer(config),
      targets: opensearchTargets(config),
      template: streamTemplate(config),
      operations: opensearchOperations(config),
      task: opensearchTask(config),
    },
    context,
  )
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
