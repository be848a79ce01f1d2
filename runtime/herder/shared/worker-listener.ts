import { taskName, type StatusStore, type TaskId } from '../../stores/index.ts'
import type { WorkerListener } from '../../worker/index.ts'
import { FailureExplanations } from './failure-explanations.ts'
import type { StatusReporter } from './status-reporter.ts'
import type { ValueRenewals } from './value-renewals.ts'

const CONNECT_EXCEPTION = 'org.apache.kafka.connect.errors.ConnectException'

/**
 * Writes worker events to the status store. Config provider values of a connector are renewed only while it
 * runs or after it has failed.
 *
 * Differs: an instance without a state that takes more than a second to start is UNASSIGNED meanwhile.
 */
export function workerListener(
  reporter: StatusReporter,
  statuses: StatusStore,
  trackTopics: boolean,
  renewals: Pick<ValueRenewals, 'schedule' | 'cancel'>,
  reconfigurationRequested: (name: string) => void,
  explainFailure: (name: string) => Promise<string> | undefined = () => undefined,
): WorkerListener {
  const explanations = new FailureExplanations(explainFailure)
  return {
    reconfigurationRequested,
    valuesExpire: (name, inMs) => renewals.schedule(name, inMs),
    connectorDelayed: (name, version) => {
      if (statuses.connector(name) === undefined) reporter.connectorSafely(name, 'UNASSIGNED', null, version)
    },
    connectorRestarting: (name) => {
      explanations.over(connectorKey(name))
      reporter.connector(name, 'RESTARTING', null)
    },
    connectorRunning: (name, version) => {
      explanations.over(connectorKey(name))
      renewals.cancel(name) // a timer of an earlier start
      reporter.connector(name, 'RUNNING', version)
    },
    connectorPaused: (name, version) => {
      explanations.over(connectorKey(name))
      renewals.cancel(name)
      reporter.connector(name, 'PAUSED', version)
    },
    connectorStopped: (name, version) => {
      explanations.over(connectorKey(name))
      renewals.cancel(name)
      reporter.connector(name, 'STOPPED', version)
    },
    connectorFailed: (name, trace, version) => {
      const report = (text: string) => reporter.connectorSafely(name, 'FAILED', text, version)
      report(trace)
      explanations.failed(connectorKey(name), name, (text) => report(traced(text)))
    },
    connectorShutDown: (name, version) => {
      explanations.over(connectorKey(name))
      renewals.cancel(name)
      reporter.connectorSafely(name, 'UNASSIGNED', null, version)
    },
    taskDelayed: (id) => {
      if (statuses.task(id) === undefined) reporter.taskSafely(id, 'UNASSIGNED', null, null)
    },
    taskRunning: (id, version) => {
      explanations.over(taskKey(id))
      reporter.task(id, 'RUNNING', version)
    },
    taskPaused: (id, version) => {
      explanations.over(taskKey(id))
      reporter.task(id, 'PAUSED', version)
    },
    taskFailed: (id, trace, version) => {
      const report = (text: string) => reporter.taskSafely(id, 'FAILED', text, version)
      report(trace)
      explanations.failed(taskKey(id), id.connector, (text) => report(traced(text)))
    },
    taskRestarting: (id) => {
      explanations.over(taskKey(id))
      reporter.task(id, 'RESTARTING', null)
    },
    taskShutDown: (id, version) => {
      explanations.over(taskKey(id))
      reporter.taskSafely(id, 'UNASSIGNED', null, version)
    },
    topicUsed: (id, topic) => {
      if (trackTopics) noteTopic(statuses, id, topic)
    },
  }
}

const traced = (text: string): string => `${CONNECT_EXCEPTION}: ${text}`
const connectorKey = (name: string): string => `connector ${name}`
const taskKey = (id: TaskId): string => `task ${taskName(id)}`

function noteTopic(statuses: StatusStore, { connector, task }: TaskId, topic: string): void {
  if (statuses.topics(connector).some((known) => known.topic === topic)) return
  statuses.putTopic({ topic, connector, task, discoveredAt: Date.now() })
}
