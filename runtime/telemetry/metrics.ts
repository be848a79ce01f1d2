import { defineMetrics } from './metric-values.ts'

/** Records and bytes of a task. The REST API also returns the totals of a connector. */
export const recordMetrics = defineMetrics({
  recordsIn: {
    name: 'records_in',
    kind: 'counter',
    unit: 'records',
    doc: 'Records polled from the source, or read from Kafka',
    java: { source: 'source-record-poll-total', sink: 'sink-record-read-total' },
  },
  recordsOut: {
    name: 'records_out',
    kind: 'counter',
    unit: 'records',
    doc: 'Records written to Kafka, or put into the sink',
    java: { source: 'source-record-write-total', sink: 'sink-record-send-total' },
  },
  recordsDropped: {
    name: 'records_dropped',
    kind: 'counter',
    unit: 'records',
    doc: 'Records dropped by transforms, or skipped after an error',
    java: null,
  },
  bytesIn: {
    name: 'bytes_in',
    kind: 'counter',
    unit: 'bytes',
    doc: 'Size of the records read from Kafka, uncompressed; 0 for sources',
    java: null,
  },
  bytesOut: {
    name: 'bytes_out',
    kind: 'counter',
    unit: 'bytes',
    doc: 'Size of the keys and values written to Kafka, uncompressed; 0 for sinks',
    java: null,
  },
  lag: {
    name: 'lag',
    kind: 'gauge',
    unit: 'records',
    doc: 'Records of all partitions that are not yet read; null if unknown, as for sources',
    java: null,
    nullable: true,
  },
})

/** Batches and offset commits of a task. The REST API does not return them. */
export const batchMetrics = defineMetrics({
  startedAt: {
    name: 'start_timestamp',
    kind: 'gauge',
    unit: 'ms since the epoch',
    doc: 'Time at which the task was started',
    java: null,
  },
  batches: {
    name: 'batches',
    kind: 'counter',
    unit: 'batches',
    doc: 'Batches polled or put',
    java: null,
  },
  maxBatchRecords: {
    name: 'batch_size_max',
    kind: 'gauge',
    unit: 'records',
    doc: 'Records of the largest batch',
    java: 'batch-size-max',
  },
  maxBatchMs: {
    name: 'batch_max_time_ms',
    kind: 'gauge',
    unit: 'ms',
    doc: 'Time of the longest poll or put of a batch',
    java: { source: 'poll-batch-max-time-ms', sink: 'put-batch-max-time-ms' },
  },
  totalBatchMs: {
    name: 'batch_time_ms',
    kind: 'counter',
    unit: 'ms',
    doc: 'Time of all polls or puts of batches',
    java: null,
  },
  commitSuccesses: {
    name: 'offset_commit_successes',
    kind: 'counter',
    unit: 'commits',
    doc: 'Successful offset commits',
    java: { source: null, sink: 'offset-commit-completion-total' },
  },
  commitFailures: {
    name: 'offset_commit_failures',
    kind: 'counter',
    unit: 'commits',
    doc: 'Failed offset commits',
    java: null,
  },
  maxCommitMs: {
    name: 'offset_commit_max_time_ms',
    kind: 'gauge',
    unit: 'ms',
    doc: 'Time of the longest offset commit',
    java: 'offset-commit-max-time-ms',
  },
  totalCommitMs: {
    name: 'offset_commit_time_ms',
    kind: 'counter',
    unit: 'ms',
    doc: 'Time of all offset commits',
    java: null,
  },
  lastProgressAt: {
    name: 'last_progress_timestamp',
    kind: 'gauge',
    unit: 'ms since the epoch',
    doc: 'Time of the last successful poll, put or commit',
    java: null,
  },
})

/** Failures of a task. Source: ErrorHandlingMetrics. */
export const errorMetrics = defineMetrics({
  totalRecordFailures: {
    name: 'total_record_failures',
    kind: 'counter',
    unit: 'attempts',
    doc: 'Failed attempts to process a record',
    java: 'total-record-failures',
  },
  totalRecordErrors: {
    name: 'total_record_errors',
    kind: 'counter',
    unit: 'records',
    doc: 'Records that failed after all retries',
    java: 'total-record-errors',
  },
  totalRecordsSkipped: {
    name: 'total_records_skipped',
    kind: 'counter',
    unit: 'records',
    doc: 'Records skipped after an error',
    java: 'total-records-skipped',
  },
  totalRetries: {
    name: 'total_retries',
    kind: 'counter',
    unit: 'attempts',
    doc: 'Repeated attempts to process a record',
    java: 'total-retries',
  },
  totalErrorsLogged: {
    name: 'total_errors_logged',
    kind: 'counter',
    unit: 'records',
    doc: 'Failed records that were logged, with `errors.log.enable`',
    java: 'total-errors-logged',
  },
  deadLetterQueueRequests: {
    name: 'deadletterqueue_produce_requests',
    kind: 'counter',
    unit: 'records',
    doc: 'Records sent to the dead-letter queue',
    java: 'deadletterqueue-produce-requests',
  },
  deadLetterQueueFailures: {
    name: 'deadletterqueue_produce_failures',
    kind: 'counter',
    unit: 'records',
    doc: 'Records that the dead-letter queue did not take',
    java: 'deadletterqueue-produce-failures',
  },
  lastErrorAt: {
    name: 'last_error_timestamp',
    kind: 'gauge',
    unit: 'ms since the epoch',
    doc: 'Time of the last failure; 0 before the first',
    java: 'last-error-timestamp',
  },
})
