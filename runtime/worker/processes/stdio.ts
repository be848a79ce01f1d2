/** Descriptor of the file in which a task process records the owner of the running code. */
export const activityFd = 4

/**
 * Returns the stdio descriptors of a task process, in order; it inherits input and output from the worker.
 */
export function taskProcessStdio(activityFile: number): ('inherit' | 'pipe' | 'ipc' | number)[] {
  return ['inherit', 'inherit', 'pipe', 'ipc', activityFile]
}
