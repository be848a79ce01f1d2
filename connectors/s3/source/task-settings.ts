import type { TaskProps } from '../../../api/index.ts'

/** Tells a task how many there are. */
const TASKS = 'headrace.s3.tasks'

/** Returns the settings of the tasks. Each of them lists the bucket, and finds the objects that are its share. */
export const tasksOf = (props: TaskProps, tasks: number): readonly TaskProps[] =>
  Array.from({ length: tasks }, () => ({ ...props, [TASKS]: String(tasks) }))

/** Returns how many tasks there are, from the settings of one. */
export const tasksIn = (props: TaskProps): number => Number(props[TASKS] ?? 1)
