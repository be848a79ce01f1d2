/** The state of a task, as its runner sees it. */
export type TaskState = 'starting' | 'running' | 'paused' | 'stopping' | 'stopped' | 'failed'

export type TaskEvent = 'started' | 'pause' | 'resume' | 'stop' | 'ended' | 'failed'

/** All legal transitions. Any other is a bug in the caller. */
export const taskMoves: Readonly<Record<TaskState, Partial<Record<TaskEvent, TaskState>>>> = {
  starting: { started: 'running', pause: 'paused', stop: 'stopping', failed: 'failed' },
  running: { pause: 'paused', resume: 'running', stop: 'stopping', ended: 'stopped', failed: 'failed' },
  paused: { pause: 'paused', resume: 'running', started: 'paused', stop: 'stopping', failed: 'failed' },
  stopping: {
    started: 'stopping',
    pause: 'stopping',
    resume: 'stopping',
    stop: 'stopping',
    ended: 'stopped',
    failed: 'failed',
  },
  stopped: { stop: 'stopped', pause: 'stopped', resume: 'stopped' },
  failed: { stop: 'failed', pause: 'failed', resume: 'failed', ended: 'failed' },
}

export function nextTaskState(state: TaskState, event: TaskEvent): TaskState {
  const next = taskMoves[state][event]
  if (next === undefined) throw new TypeError(`a task cannot handle '${event}' in state ${state}`)
  return next
}
