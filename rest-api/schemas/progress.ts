import { Type } from 'typebox'
import { errorMetrics, recordMetrics } from '../../runtime/index.ts'
import { metricsSchema } from './metrics.ts'

const Count = Type.Integer()
const textOrNull = Type.Union([Type.String(), Type.Null()])
const countOrNull = Type.Union([Count, Type.Null()])

const counts = metricsSchema(recordMetrics)

const LastError = Type.Object({
  at: Type.Integer({ description: 'Milliseconds since the epoch' }),
  message: Type.String({ description: 'Class and message of the error' }),
  tolerated: Type.Boolean({ description: 'Whether the task continued' }),
  stage: textOrNull,
  plugin: textOrNull,
  topic: textOrNull,
  partition: countOrNull,
  offset: countOrNull,
  source_partition: Type.Union([Type.String(), Type.Null()], { description: 'As JSON' }),
  source_offset: Type.Union([Type.String(), Type.Null()], { description: 'As JSON' }),
})

const Blocked = Type.Object({
  since: Type.Integer({ description: 'Milliseconds since the epoch' }),
  reason: Type.String({
    description: 'What cannot be reached, where, and why; or which call into the plugin has not returned',
  }),
})

const Retrying = Type.Object({
  since: Type.Integer({ description: 'Time of the first failure, in milliseconds since the epoch' }),
  attempt: Type.Integer({ description: 'Number of failed attempts' }),
  reason: Type.String({ description: 'What failed and why' }),
  next_attempt_at: Type.Union([Type.Integer(), Type.Null()], {
    description: 'Milliseconds since the epoch; null if unknown. While an attempt is in progress, its start',
  }),
})

const instance = {
  state: Type.String(),
  since: Type.Integer({ description: 'Time of the last state change, in milliseconds since the epoch' }),
  restarts: Type.Integer({ description: 'Number of restarts that this worker has observed' }),
  worker_id: Type.String({ description: 'host:port of the worker it is assigned to' }),
  last_error: Type.Union([LastError, Type.Null()]),
  blocked: Type.Union([Blocked, Type.Null()], {
    description:
      'The part of Kafka that it needs and cannot reach, what its converter waits for, or the call that starts it and has not returned for 30 seconds; null if it is not blocked. For a connector: its own, or that of a task if it has lasted longer',
  }),
  retrying: Type.Union([Retrying, Type.Null()], {
    description:
      'The poll or put that fails with retriable errors, or what the plugin reports to be retrying; null if nothing is. For a connector: that of the task which has been retrying for the longest time',
  }),
}

const Operation = Type.Object({
  phase: Type.String(),
  done: Type.Number(),
  total: Type.Union([Type.Number(), Type.Null()], { description: 'Null if unknown' }),
  detail: textOrNull,
})

const Metric = Type.Object({
  name: Type.String(),
  type: Type.String({ description: 'counter or gauge' }),
  unit: Type.String({ description: 'For example records, bytes, ms, seconds, count or ratio' }),
  doc: Type.String(),
  value: Type.Union([Type.Number(), Type.Null()], { description: 'Null until the first value' }),
})

export const TaskProgress = Type.Object({
  task: Count,
  ...instance,
  pid: Type.Integer({ description: 'ID of the process that runs the task; -1 if none or unknown' }),
  ...counts,
  progress: Type.Union([Operation, Type.Null()], {
    description: 'Long operation that the task reports; null if none or unknown',
  }),
  metrics: Type.Array(Metric, { description: 'Metrics that the plugin defines; reset when the task starts' }),
  errors: Type.Object(metricsSchema(errorMetrics), { description: "Kafka Connect's task-error metrics" }),
})

export const ConnectorProgress = Type.Object({
  type: Type.String(),
  target_state: Type.String({ description: 'STARTED, PAUSED or STOPPED' }),
  ...instance,
  ...counts,
  tasks: Type.Array(TaskProgress),
})

export const Progress = Type.Record(Type.String(), ConnectorProgress)
