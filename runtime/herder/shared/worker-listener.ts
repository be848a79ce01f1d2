import type { StatusStore, TaskId } from '../../stores/index.ts'
import type { WorkerListener } from '../../worker/index.ts'
import type { StatusReporter } from './status-reporter.ts'

/** What the herder itself does about events of its worker, beside writing them down. */
export interface WorkerReactions {
  reconfigurationRequested(name: string): void
  valuesExpire(name: string, inMs: number): void
}

/** Writes down what the worker tells, and passes on what asks for more. */
export function workerListener(
  reporter: StatusReporter,
  statuses: StatusStore,
  trackTopics: boolean,
  reactions: WorkerReactions,
): WorkerListener {
  return {
    ...reactions,
    connectorRunning: (name, version) => reporter.connector(name, 'RUNNING', version),
    connectorPaused: (name, version) => reporter.connector(name, 'PAUSED', version),
    connectorStopped: (name, version) => reporter.connector(name, 'STOPPED', version),
    connectorFailed: (name, trace, version) => reporter.connectorSafely(name, 'FAILED', trace, version),
    connectorShutDown: (name, version) => reporter.connectorSafely(name, 'UNASSIGNED', null, version),
    taskRunning: (id, version) => reporter.task(id, 'RUNNING', version),
    taskPaused: (id, version) => reporter.task(id, 'PAUSED', version),
    taskFailed: (id, trace, version) => reporter.taskSafely(id, 'FAILED', trace, version),
    taskRestarting: (id) => reporter.task(id, 'RESTARTING', null),
    taskShutDown: (id, version) => reporter.taskSafely(id, 'UNASSIGNED', null, version),
    topicUsed: (id, topic) => {
      if (trackTopics) noteTopic(statuses, id, topic)
    },
  }
}

function noteTopic(statuses: StatusStore, { connector, task }: TaskId, topic: string): void {
  if (statuses.topics(connector).some((known) => known.topic === topic)) return
  statuses.putTopic({ topic, connector, task, discoveredAt: Date.now() })
}
