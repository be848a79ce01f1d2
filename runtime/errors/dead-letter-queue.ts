import { ConnectError, reasonOf, type Logger } from '../../api/index.ts'
import { isTimestamp, type DeliveryListener, type Producer, type RawRecord } from '../kafka/index.ts'
import { unlessAborted } from '../timing/index.ts'
import { contextHeaders, type TaskName } from './context-headers.ts'
import type { ErrorCounters } from './counters.ts'
import type { FailureReporter, RecordFailure } from './failure.ts'

/**
 * Returns the record to write for a failed record. May return a promise: for a source, if a part cannot be converted at
 * once; for a sink, if its task created the record.
 */
export type DeadLetterBytes = (failure: RecordFailure) => RawRecord | Promise<RawRecord>

export interface DeadLetterSettings {
  /** An existing topic that the producer is prepared for. */
  readonly topic: string
  /** Setting `errors.deadletterqueue.context.headers.enable`. */
  readonly contextHeaders: boolean
  readonly bytesOf: DeadLetterBytes
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
  /** The last letter that waits for a converter, or for a letter before it; undefined when none does. */
  let waiting: Promise<void> | undefined
  const lost = (cause: unknown) => {
    counters.deadLetterQueueFailures++
    const message = `Could not produce message to dead letter queue. topic=${topic}`
    log.error(message, { reason: reasonOf(cause) })
    return new ConnectError('HR_CONNECT', message, { cause })
  }
  const append = (failure: RecordFailure, bytes: RawRecord, listener: DeliveryListener) => {
    const { key, value, timestamp, headers } = bytes
    const context = settings.contextHeaders ? contextHeaders(task, failure) : []
    const letter = {
      key,
      value,
      timestamp: isTimestamp(timestamp) ? timestamp : Date.now(),
      headers: [...headers, ...context],
    }
    full = !producer.append(topic, null, letter, listener, 0)
  }
  const write = (failure: RecordFailure, listener: DeliveryListener): void | Promise<void> => {
    const bytes = settings.bytesOf(failure)
    if (!(bytes instanceof Promise)) return append(failure, bytes, listener)
    return bytes.then((converted) => append(failure, converted, listener))
  }
  /** Keeps the order of letters: none is written before one that waits. */
  const inTurn = (run: () => void | Promise<void>, failed: (error: unknown) => void) => {
    const running = waiting === undefined ? run() : waiting.then(run)
    if (!(running instanceof Promise)) return
    const turn: Promise<void> = running.catch(failed).finally(() => {
      if (waiting === turn) waiting = undefined
    })
    waiting = turn
  }
  return {
    report: (failure) =>
      new Promise((resolve, reject) => {
        counters.deadLetterQueueRequests++
        const failed = (error: unknown) => reject(lost(error))
        const listener: DeliveryListener = {
          acknowledged: () => resolve(),
          failed: (_first, _count, error) => failed(error),
        }
        try {
          inTurn(() => write(failure, listener), failed)
        } catch (error) {
          failed(error)
        }
      }),
    room: (signal) => {
      if (waiting !== undefined) return unlessAborted(waiting, signal)
      if (!full) return undefined
      full = false
      return producer.room(signal)
    },
    async close() {
      while (waiting !== undefined) await waiting
      await producer.close(CLOSE_MS)
    },
  }
}
