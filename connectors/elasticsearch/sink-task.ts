import type { SinkTask, SinkTaskContext } from '../../api/index.ts'
import { operationBuilder, type OperationOptions } from './documents/index.ts'
import { openServer, type ServerSettings } from './server/index.ts'
import { openSinkTask, type SinkTaskSettings } from './sink/index.ts'
import { openTargets, targetOf, type StreamTemplate, type TargetOptions } from './targets/index.ts'
import { wordings } from './wording.ts'

/** What the settings of a sink come to. */
export interface SinkOptions {
  readonly server: ServerSettings
  readonly targets: TargetOptions
  /** The template for data streams that are missing; null if none is created. */
  readonly template: StreamTemplate | null
  readonly operations: OperationOptions
  readonly task: SinkTaskSettings
}

/** Opens the connections to the servers and a task that writes to them. */
export function openServerSink(
  { server: serverSettings, targets, template, operations, task }: SinkOptions,
  context: SinkTaskContext,
): SinkTask {
  const server = openServer(serverSettings, context.log)
  const wording = wordings[serverSettings.product]
  const { schemaIgnore, schemaIgnoreTopics } = operations
  return openSinkTask({
    context,
    settings: task,
    server,
    targetOf: targetOf(targets),
    targets: openTargets({
      server,
      logger: context.log,
      schemaIgnore,
      schemaIgnoreTopics,
      template,
      wording,
    }),
    operations: operationBuilder(operations),
    wording,
  })
}
