/** Descriptor of the file in which a task process says whose code is running. */
export const activityFd = 4

/** Descriptors of a task process, in their order: input and output are the worker's own. */
export function taskProcessStdio(activityFile: number): ('inherit' | 'pipe' | 'ipc' | number)[] {
  return ['inherit', 'inherit', 'pipe', 'ipc', activityFile]
}
