import { ConnectError, reasonOf, type Logger } from '../../api/index.ts'
import { isTimestamp, type DeliveryListener, type Producer, type RawRecord } from '../kafka/index.ts'
import { contextHeaders, type TaskName } from './context-headers.ts'
import type { ErrorCounters } from './counters.ts'
import type { FailureReporter, RecordFailure } from './failure.ts'

export interface DeadLetterSettings {
  /** An existing topic that the producer is prepared for. */
  readonly topic: string
  /** Setting `errors.deadletterqueue.context.headers.enable`. */
  readonly contextHeaders: boolean
  /** Returns the record to write for a failed record. */
  bytesOf(failure: RecordFailure): RawRecord
}

const CLOSE_MS = 30_000

/**
 * Writes failed records in their original form to a topic, in order; the key determines the partition.
 *
 * Source: DeadLetterQueueReporter. Differs: a record that cannot be written to the queue ends its task
 * (invariant 3).
 */
export function deadLetterQueue(
  task: TaskName,
  settings: DeadLetterSettings,
  producer: Producer,
  counters: ErrorCounters,
  log: Logger,
): FailureReporter {
  const { topic } = settings
  let full = false
  const lost = (cause: unknown) => {
    counters.deadLetterQueueFailures++
    const message = `Could not produce message to dead letter queue. topic=${topic}`
    log.error(message, { reason: reasonOf(cause) })
    return new ConnectError('HR_CONNECT', message, { cause })
  }
  const write = (failure: RecordFailure, listener: DeliveryListener) => {
    const { key, value, timestamp, headers } = settings.bytesOf(failure)
    const context = settings.contextHeaders ? contextHeaders(task, failure) : []
    const letter = {
      key,
      value,
      timestamp: isTimestamp(timestamp) ? timestamp : Date.now(),
      headers: [...headers, ...context],
    }
    full = !producer.append(topic, null, letter, listener, 0)
  }
  return {
    report: (failure) =>
      new Promise((resolve, reject) => {
        counters.deadLetterQueueRequests++
        try {
          write(failure, {
            acknowledged: () => resolve(),
            failed: (_first, _count, error) => reject(lost(error)),
          })
        } catch (error) {
          reject(lost(error))
        }
      }),
    room: (signal) => {
      if (!full) return undefined
      full = false
      return producer.room(signal)
    },
    close: () => producer.close(CLOSE_MS),
  }
}
