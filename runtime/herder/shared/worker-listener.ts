import type { StatusStore, TaskId } from '../../stores/index.ts'
import type { WorkerListener } from '../../worker/index.ts'
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
  /** Reports a failure at once, and again when there is more to say about it, unless the state has changed. */
  const fail = (
    name: string,
    trace: string,
    report: (text: string) => void,
    present: () => string | null,
  ) => {
    report(trace)
    explainFailure(name)?.then(
      (text) => {
        if (present() === trace) report(`${CONNECT_EXCEPTION}: ${text}`)
      },
      () => {}, // the trace remains
    )
  }
  return {
    reconfigurationRequested,
    valuesExpire: (name, inMs) => renewals.schedule(name, inMs),
    connectorDelayed: (name, version) => {
      if (statuses.connector(name) === undefined) reporter.connectorSafely(name, 'UNASSIGNED', null, version)
    },
    connectorRestarting: (name) => reporter.connector(name, 'RESTARTING', null),
    connectorRunning: (name, version) => {
      renewals.cancel(name) // a timer of an earlier start
      reporter.connector(name, 'RUNNING', version)
    },
    connectorPaused: (name, version) => {
      renewals.cancel(name)
      reporter.connector(name, 'PAUSED', version)
    },
    connectorStopped: (name, version) => {
      renewals.cancel(name)
      reporter.connector(name, 'STOPPED', version)
    },
    connectorFailed: (name, trace, version) =>
      fail(
        name,
        trace,
        (text) => reporter.connectorSafely(name, 'FAILED', text, version),
        () => statuses.connector(name)?.trace ?? null,
      ),
    connectorShutDown: (name, version) => {
      renewals.cancel(name)
      reporter.connectorSafely(name, 'UNASSIGNED', null, version)
    },
    taskDelayed: (id) => {
      if (statuses.task(id) === undefined) reporter.taskSafely(id, 'UNASSIGNED', null, null)
    },
    taskRunning: (id, version) => reporter.task(id, 'RUNNING', version),
    taskPaused: (id, version) => reporter.task(id, 'PAUSED', version),
    taskFailed: (id, trace, version) =>
      fail(
        id.connector,
        trace,
        (text) => reporter.taskSafely(id, 'FAILED', text, version),
        () => statuses.task(id)?.trace ?? null,
      ),
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
