import type { Logger, TaskContext, TaskProps } from '../../api/index.ts'
import type { TaskId } from '../stores/index.ts'
import type { TaskControl } from './stop.ts'

/** What the contexts of source and sink tasks have in common. */
export function taskContext(id: TaskId, props: TaskProps, log: Logger, control: TaskControl): TaskContext {
  return {
    ...id,
    props,
    log,
    signal: control.ending,
    hardStop: control.stop.hard,
    fail: (error) => control.fail(error),
  }
}
