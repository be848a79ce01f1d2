import { Type, type Static } from 'typebox'
import type { TaskSnapshot } from '../../runtime/index.ts'
import type { Routes } from '../api.ts'

const Count = Type.Integer()

const TaskProgress = Type.Object({
  task: Count,
  pid: Type.Integer({ description: 'Process that runs it; -1 when none does' }),
  records_in: Count,
  records_out: Count,
  records_dropped: Count,
  bytes_in: Count,
  bytes_out: Count,
  lag: Type.Union([Count, Type.Null()], {
    description: 'Records not yet read; null when not known, as for sources',
  }),
  errors: Type.Object(
    {
      total_record_failures: Count,
      total_record_errors: Count,
      total_records_skipped: Count,
      total_retries: Count,
      total_errors_logged: Count,
      deadletterqueue_produce_requests: Count,
      deadletterqueue_produce_failures: Count,
      last_error_timestamp: Count,
    },
    { description: "Kafka Connect's task-error metrics" },
  ),
})

const Progress = Type.Record(Type.String(), Type.Object({ tasks: Type.Array(TaskProgress) }))

/** Beyond Kafka Connect: what the tasks of this worker have done so far. */
export const progressRoutes: Routes = (api, { herder }) => {
  api.get(
    '/headrace/connectors',
    { schema: { summary: 'Progress of the tasks on this worker', response: { 200: Progress } } },
    () => {
      const byConnector = new Map<string, { tasks: Static<typeof TaskProgress>[] }>()
      for (const snapshot of herder.snapshots()) {
        const { connector } = snapshot.id
        const entry = byConnector.get(connector) ?? { tasks: [] }
        byConnector.set(connector, entry)
        entry.tasks.push(progressOf(snapshot))
      }
      return Object.fromEntries(byConnector)
    },
  )
}

function progressOf({ id, pid, metrics }: TaskSnapshot): Static<typeof TaskProgress> {
  return {
    task: id.task,
    pid,
    records_in: metrics?.recordsIn ?? 0,
    records_out: metrics?.recordsOut ?? 0,
    records_dropped: metrics?.recordsDropped ?? 0,
    bytes_in: metrics?.bytesIn ?? 0,
    bytes_out: metrics?.bytesOut ?? 0,
    lag: metrics?.lag ?? null,
    errors: errorsOf(metrics?.errors),
  }
}

function errorsOf(errors: NonNullable<TaskSnapshot['metrics']>['errors'] | undefined) {
  return {
    total_record_failures: errors?.totalRecordFailures ?? 0,
    total_record_errors: errors?.totalRecordErrors ?? 0,
    total_records_skipped: errors?.totalRecordsSkipped ?? 0,
    total_retries: errors?.totalRetries ?? 0,
    total_errors_logged: errors?.totalErrorsLogged ?? 0,
    deadletterqueue_produce_requests: errors?.deadLetterQueueRequests ?? 0,
    deadletterqueue_produce_failures: errors?.deadLetterQueueFailures ?? 0,
    last_error_timestamp: errors?.lastErrorAt ?? 0,
  }
}
