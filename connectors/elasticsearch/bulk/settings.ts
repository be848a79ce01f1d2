/** The settings of a bulk writer. */
export interface BulkSettings {
  /** `batch.size`: operations of a request. */
  readonly batchSize: number
  /** `bulk.size.bytes`: size of a request; null without a limit. */
  readonly bulkSizeBytes: number | null
  /** `linger.ms` */
  readonly lingerMs: number
  /** `max.in.flight.requests` */
  readonly maxInFlightRequests: number
  /** `max.buffered.records` */
  readonly maxBufferedRecords: number
  /** `max.retries`: how often an operation is sent again after errors that do not mean overload or an outage. */
  readonly maxRetries: number
  /** `retry.backoff.ms`: the first wait, which doubles. */
  readonly retryBackoffMs: number
}

/** What a request may contain if the settings do not limit its bytes: servers accept 100 MB by default. */
const MOST_REQUEST_BYTES = 64 * 1024 * 1024
const LEAST_BUFFERED_BYTES = 16 * 1024 * 1024
const MOST_BUFFERED_BYTES = 256 * 1024 * 1024

/** Returns the size of the largest request in bytes. */
export function requestBytes({ bulkSizeBytes }: BulkSettings): number {
  return bulkSizeBytes ?? MOST_REQUEST_BYTES
}

/**
 * Returns how many bytes of operations wait or are being sent before there is no room for more: two requests for each one
 * in flight, within bounds. Differs: Java limits only the number of records.
 */
export function bufferedBytes(settings: BulkSettings): number {
  const wanted = 2 * settings.maxInFlightRequests * requestBytes(settings)
  return Math.min(MOST_BUFFERED_BYTES, Math.max(LEAST_BUFFERED_BYTES, wanted))
}
