import type { SourceTask, SourceTaskContext, TaskProps } from '../../../api/index.ts'
import { openStorage, type StorageSettings } from '../storage/index.ts'
import type { SourcePlan } from './plan.ts'
import { openSourceTask } from './task.ts'

/** What a source works with. */
export interface SourceParts {
  readonly plan: SourcePlan
  readonly storage: StorageSettings
}

/** Tells a task how many there are. */
const TASKS = 'headrace.s3.tasks'

/** Returns the settings of the tasks. Each of them lists the bucket, and finds the objects that are its share. */
export const tasksOf = (props: TaskProps, tasks: number): readonly TaskProps[] =>
  Array.from({ length: tasks }, () => ({ ...props, [TASKS]: String(tasks) }))

/** Opens the task of a source with its storage. */
export function openStoredSource({ plan, storage }: SourceParts, context: SourceTaskContext): SourceTask {
  const tasks = Number(context.props[TASKS] ?? 1)
  return openSourceTask({
    plan,
    bucket: openStorage(storage, context.log, null).bucket,
    share: { task: context.task, tasks },
    context,
  })
}
