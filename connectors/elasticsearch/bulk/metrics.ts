import type { PluginMetrics } from '../../../api/index.ts'

/** The metrics of a bulk writer. */
export interface BulkMetrics {
  /** Counts the operations that the server has written. */
  written(count: number): void
  /** Counts the operations that a request contains again. */
  retried(count: number): void
  /** Adds the time that operations waited because the server was overloaded or away, or an index was blocked. */
  throttled(ms: number): void
  /** Shows the last request. */
  sent(operations: number, bytes: number): void
  show(state: BulkState): void
}

/** What the metrics show of the current state. */
export interface BulkState {
  readonly inFlight: number
  readonly limit: number
  readonly pending: number
  readonly pendingBytes: number
}

/** Creates the metrics of a bulk writer. */
export function bulkMetrics(metrics: PluginMetrics): BulkMetrics {
  const count = (name: string, doc: string, unit = 'count') => metrics.counter(name, { unit, doc })
  const gauge = (name: string, doc: string, unit = 'count') => metrics.gauge(name, { unit, doc })
  const written = count('operations_written', 'Operations that the server has written.', 'records')
  const retried = count('operations_retried', 'Operations that were sent again after an error.', 'records')
  const requests = count('bulk_requests', 'Bulk requests, including repeated ones.')
  const throttled = count(
    'throttled_ms',
    'Time that requests waited because of overload, an outage or a block.',
    'ms',
  )
  const operations = gauge('bulk_operations', 'Operations in the last bulk request.', 'records')
  const bytes = gauge('bulk_bytes', 'Size of the last bulk request.', 'bytes')
  const inFlight = gauge('requests_in_flight', 'Bulk requests without a response.')
  const limit = gauge(
    'requests_limit',
    'Bulk requests that may be in flight, fewer if the server is overloaded.',
  )
  const pending = gauge('operations_pending', 'Operations that wait or are being written.', 'records')
  const pendingBytes = gauge(
    'pending_bytes',
    'Size of the operations that wait or are being written.',
    'bytes',
  )
  return {
    written: (number) => written.add(number),
    retried: (number) => retried.add(number),
    throttled: (ms) => throttled.add(ms),
    sent: (number, size) => {
      requests.add()
      operations.set(number)
      bytes.set(size)
    },
    show: (state) => {
      inFlight.set(state.inFlight)
      limit.set(state.limit)
      pending.set(state.pending)
      pendingBytes.set(state.pendingBytes)
    },
  }
}
