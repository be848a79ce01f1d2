import { ConnectError, messageOf } from '../../../api/index.ts'
import type { Backoff } from '../../timing/index.ts'
import { brokerError, errorKind } from '../connection/broker-errors.ts'
import type { KafkaClient } from '../connection/client.ts'
import type { ProducerBatch } from './batch.ts'
import type { ProduceResult } from './produce-request.ts'
import type { ProducerSettings } from './settings.ts'
import { splitBatch } from './split.ts'

/** Error codes that need handling beyond "retry" or "fail". */
const OUT_OF_ORDER_SEQUENCE = 45
const DUPLICATE_SEQUENCE = 46
const INVALID_PRODUCER_EPOCH = 47
const UNKNOWN_PRODUCER_ID = 59
const MESSAGE_TOO_LARGE = 10
const RECORD_LIST_TOO_LARGE = 18

export interface OutcomeEvents {
  /**
   * Called when a batch is settled, as stored or as failed. Its bytes no longer count towards
   * `buffer.memory`.
   */
  settled(batch: ProducerBatch): void
  /** Called before a batch fails. Returns the error for its listeners. */
  failing(error: ConnectError): ConnectError
  /** Called when the leader of one of the topic's partitions may have changed. */
  stale(topic: string): void
}

/**
 * Handles the end of a batch's request: settles the batch, splits it, or retries it.
 *
 * Invariant 3: a batch is settled exactly once. An exception while its result is handled settles it as
 * failed.
 */
export class BatchOutcomes {
  readonly #settings: ProducerSettings
  readonly #backoff: Backoff
  readonly #events: OutcomeEvents
  readonly #client: Pick<KafkaClient, 'log' | 'outages'>
  #final = false

  constructor(
    settings: ProducerSettings,
    backoff: Backoff,
    events: OutcomeEvents,
    client: Pick<KafkaClient, 'log' | 'outages'>,
  ) {
    this.#settings = settings
    this.#backoff = backoff
    this.#events = events
    this.#client = client
  }

  /** Disables retries: from this call on, a batch that would need a retry fails. */
  makeFinal(): void {
    this.#final = true
  }

  /**
   * Handles the end of a request. `result` is the broker's result, undefined with `acks=0`, or an error after
   * which it is unknown whether the broker stored the batch. Ignores a batch that was settled while it was in
   * flight.
   */
  settle(batch: ProducerBatch, result: ProduceResult | ConnectError | undefined): void {
    if (batch.settled) return
    try {
      if (result instanceof ConnectError) this.#retry(batch, result)
      else this.#answered(batch, result)
    } catch (cause) {
      if (batch.settled) return this.#report(batch, [cause])
      const message = `Failed to handle the result for ${where(batch)}: ${messageOf(cause)}`
      batch.queue.abandoned(batch)
      this.fail(batch, new ConnectError('HR_CONNECT', message, { cause }))
    }
  }

  /** Settles as failed a batch that its queue no longer holds. */
  fail(batch: ProducerBatch, error: ConnectError): void {
    this.#client.outages.recovered(batch.queue)
    this.#report(batch, batch.failed(this.#events.failing(error)))
    this.#events.settled(batch)
  }

  #answered(batch: ProducerBatch, result: ProduceResult | undefined): void {
    const { queue } = batch
    const code = result?.errorCode ?? 0
    if (code === 0 || code === DUPLICATE_SEQUENCE) {
      this.#backoff.reset()
      this.#client.outages.recovered(queue)
      queue.acknowledged(batch)
      this.#report(batch, batch.acknowledged(code === 0 ? (result?.baseOffset ?? -1) : -1))
      this.#events.settled(batch)
      return
    }
    const error = brokerError(code, `write to ${where(batch)}`)
    if (code === OUT_OF_ORDER_SEQUENCE && queue.hasEarlier(batch)) return this.#retry(batch, error, true)
    if ([OUT_OF_ORDER_SEQUENCE, UNKNOWN_PRODUCER_ID, INVALID_PRODUCER_EPOCH].includes(code)) {
      return this.#loseSequence(batch, error)
    }
    const tooLarge = code === MESSAGE_TOO_LARGE || code === RECORD_LIST_TOO_LARGE
    if (tooLarge && batch.count > 1 && !this.#final) return queue.refused(batch, splitBatch(batch))
    if (errorKind(code).retriable) return this.#retry(batch, error)
    queue.refused(batch)
    this.fail(batch, error)
  }

  #retry(batch: ProducerBatch, error: ConnectError, mayPass = error.retriable): void {
    const { queue } = batch
    this.#events.stale(queue.topic)
    if (this.#final || !mayPass || batch.attempts > this.#settings.retries) {
      queue.abandoned(batch)
      this.fail(batch, error)
      return
    }
    this.#client.outages.failing(queue, error)
    queue.notBefore = Date.now() + this.#backoff.next()
    queue.requeue(batch)
  }

  #loseSequence(batch: ProducerBatch, error: ConnectError): void {
    const mayRepeat = this.#settings.transactionalId === null && batch.attempts <= this.#settings.retries
    if (mayRepeat && !this.#final) return batch.queue.sequenceLost(batch)
    batch.queue.abandoned(batch)
    this.fail(batch, error)
  }

  /** Logs exceptions of listeners. A listener that throws affects only its own records. */
  #report(batch: ProducerBatch, thrown: readonly unknown[]): void {
    for (const err of thrown) {
      this.#client.log.error(`the result for records of ${where(batch)} cannot be processed`, {
        reason: messageOf(err),
        err,
      })
    }
  }
}

const where = ({ topic, partition }: ProducerBatch): string => `partition ${partition} of topic ${topic}`
