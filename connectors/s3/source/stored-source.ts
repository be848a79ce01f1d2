import type { SourceTask, SourceTaskContext } from '../../../api/index.ts'
import { openStorage, type StorageSettings } from '../storage/index.ts'
import type { SourcePlan } from './plan.ts'
import { openSourceTask } from './task.ts'
import { tasksIn } from './task-settings.ts'

/** What a source works with. */
export interface SourceParts {
  readonly plan: SourcePlan
  readonly storage: StorageSettings
}

/** Opens the task of a source with its storage. */
export function openStoredSource({ plan, storage }: SourceParts, context: SourceTaskContext): SourceTask {
  return openSourceTask({
    plan,
    bucket: openStorage(storage, context.log, null).bucket,
    share: { task: context.task, tasks: tasksIn(context.props) },
    context,
  })
}
