import { messageOf, type Logger, type SinkTask, type SourceTask } from '../../api/index.ts'
import type { PluginCalls } from './ports.ts'

/**
 * Closes a connector's task. An error here is logged and does not change the task's final state. Source:
 * WorkerTask.close.
 */
export async function closeTask(
  task: SourceTask | SinkTask,
  { calls, log }: { readonly calls: PluginCalls; readonly log: Logger },
): Promise<void> {
  await calls
    .run(async () => task.close?.())
    .catch((error: unknown) =>
      log.warn('an error occurred while closing the task', { reason: messageOf(error), err: error }),
    )
}
