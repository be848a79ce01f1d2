import { ConnectError } from '../../../api/index.ts'
import { errorTypeOf, kafkaFailure } from '../connection/broker-errors.ts'
import type { KafkaClient } from '../connection/client.ts'
import type { KafkajsBroker } from '../connection/kafkajs.ts'
import { byTopic } from '../topic-partition.ts'
import type { TransactionalProducer } from '../ports.ts'
import type { Identities } from './identities.ts'
import type { BatchQueue } from './batch.ts'
import type { ProducerIdentity } from './partition-queue.ts'
import { BatchingProducer, type TransactionHooks } from './producer.ts'
import type { ProducerSettings } from './settings.ts'
import { unlimitedRight } from './write-right.ts'

/** `failed`: a record was not written, so the transaction can only be aborted. `fenced`: the final state. */
type TransactionState = 'uninitialized' | 'ready' | 'in-transaction' | 'failed' | 'fenced'
type TransactionEvent = 'initialized' | 'begun' | 'record-failed' | 'ended' | 'fenced-off'

const moves: Readonly<Record<TransactionState, Partial<Record<TransactionEvent, TransactionState>>>> = {
  'uninitialized': { 'initialized': 'ready', 'record-failed': 'uninitialized', 'fenced-off': 'fenced' },
  'ready': {
    'initialized': 'ready',
    'begun': 'in-transaction',
    'record-failed': 'ready',
    'fenced-off': 'fenced',
  },
  'in-transaction': { 'record-failed': 'failed', 'ended': 'ready', 'fenced-off': 'fenced' },
  'failed': { 'record-failed': 'failed', 'ended': 'ready', 'initialized': 'ready', 'fenced-off': 'fenced' },
  'fenced': { 'record-failed': 'fenced', 'fenced-off': 'fenced' },
}

const FENCED_TYPES = new Set(['INVALID_PRODUCER_EPOCH', 'PRODUCER_FENCED'])

/** The next transaction has to wait until the markers of the last one are written, which takes milliseconds. */
const FIRST_RETRY_MS = 5

/** Source: KIP-98. Uses the first version of transactions, which brokers up to 4.3 accept. */
export class KafkaTransactionalProducer extends BatchingProducer implements TransactionalProducer {
  readonly #client: KafkaClient
  readonly #settings: ProducerSettings
  readonly #transactionalId: string
  readonly #enlisted = new Set<BatchQueue>()
  #state: TransactionState = 'uninitialized'
  #identity: ProducerIdentity | undefined
  #failure: ConnectError | undefined
  /** When the first partition was added to the transaction, in milliseconds since the epoch. */
  #enlistedAt = Infinity

  constructor(
    client: KafkaClient,
    settings: ProducerSettings,
    transactionalId: string,
    right = unlimitedRight,
  ) {
    const identities: Identities = {
      used: true,
      obtain: async () => this.#identity ?? Promise.reject(new TypeError('the producer is not initialized')),
    }
    const hooks: TransactionHooks = {
      addPartitions: (queues) => this.#addPartitions(queues),
      failing: (error) => {
        const explained = this.#explained(error, 'write records')
        this.#recordFailed(explained)
        return explained
      },
    }
    super(client, settings, identities, hooks, right)
    this.#client = client
    this.#settings = settings
    this.#transactionalId = transactionalId
  }

  get timeoutMs(): number {
    return this.#settings.transactionTimeoutMs
  }

  async init(signal: AbortSignal): Promise<void> {
    const request = {
      transactionalId: this.#transactionalId,
      transactionTimeout: this.#settings.transactionTimeoutMs,
    }
    const { producerId, producerEpoch } = await this.#withCoordinator(
      'initialize transactions',
      (broker) => broker.initProducerId(request),
      signal,
    )
    this.#identity = { producerId: BigInt(producerId), producerEpoch }
    for (const queue of this.queues) queue.forgetIdentity()
    this.#move('initialized')
  }

  begin(): void {
    this.#move('begun')
    this.#enlisted.clear()
    this.#failure = undefined
    this.#enlistedAt = Infinity
  }

  async commit(signal: AbortSignal): Promise<void> {
    await this.flush(signal)
    if (this.#failure !== undefined) throw this.#failure
    await this.#end(true, signal)
  }

  async abort(signal: AbortSignal): Promise<void> {
    const failed = this.#state === 'failed'
    await this.discard(new ConnectError('HR_CONNECT', 'The transaction was aborted'), signal)
    await this.#end(false, signal)
    // After a failed batch the sequence is unknown, so a new epoch restarts it at 0
    if (failed) await this.init(signal)
  }

  /** Adds partitions to the transaction before their first batch is sent. */
  async #addPartitions(queues: readonly BatchQueue[]): Promise<void> {
    const fresh = queues.filter((queue) => !this.#enlisted.has(queue))
    if (fresh.length === 0) return
    this.#enlistedAt = Math.min(this.#enlistedAt, Date.now())
    const topics = [...byTopic(fresh)].map(([topic, of]) => ({
      topic,
      partitions: of.map((queue) => queue.partition),
    }))
    await this.#withCoordinator('add partitions to the transaction', (broker) =>
      broker.addPartitionsToTxn({ ...this.#wireIdentity(), topics }),
    )
    for (const queue of fresh) this.#enlisted.add(queue)
  }

  async #end(commit: boolean, signal: AbortSignal): Promise<void> {
    if (this.#enlisted.size > 0) {
      const doing = commit ? 'commit the transaction' : 'abort the transaction'
      const end = (broker: KafkajsBroker) =>
        broker.endTxn({ ...this.#wireIdentity(), transactionResult: commit })
      await this.#withCoordinator(doing, end, signal)
    }
    this.#enlisted.clear()
    this.#move('ended')
  }

  #wireIdentity() {
    const { producerId = -1n, producerEpoch = -1 } = this.#identity ?? {}
    return { transactionalId: this.#transactionalId, producerId: String(producerId), producerEpoch }
  }

  async #withCoordinator<T>(
    doing: string,
    call: (broker: KafkajsBroker) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    const limits = {
      timeoutMs: this.#settings.maxBlockMs,
      firstBackoffMs: FIRST_RETRY_MS,
      ...(signal === undefined ? {} : { signal }),
    }
    try {
      return await this.#client.retry(doing, limits, () =>
        this.#client.atCoordinator('transaction', this.#transactionalId, (nodeId) =>
          this.#client.withBroker(nodeId, doing, call),
        ),
      )
    } catch (error) {
      throw this.#explained(error, doing)
    }
  }

  /** Returns an error that says why the epoch of the producer is no longer valid; returns other errors unchanged. */
  #explained(error: unknown, doing: string): ConnectError {
    const failure = kafkaFailure(error, doing)
    if (!FENCED_TYPES.has(errorTypeOf(failure) ?? '')) return failure
    if (this.#state !== 'uninitialized') this.#move('fenced-off')
    const { transactionTimeoutMs } = this.#settings
    if (Date.now() - this.#enlistedAt >= transactionTimeoutMs) {
      const message = `Failed to ${doing}: the broker has aborted the transaction, which was open for more than ${transactionTimeoutMs} ms (transaction.timeout.ms)`
      return new ConnectError('HR_TRANSACTION_EXPIRED', message, { cause: failure })
    }
    const message = `Failed to ${doing}: a newer producer has the transactional id ${this.#transactionalId}`
    return new ConnectError('HR_PRODUCER_FENCED', message, { cause: failure })
  }

  #recordFailed(error: ConnectError): void {
    this.#failure ??= error
    this.#move('record-failed')
  }

  #move(event: TransactionEvent): void {
    const next = moves[this.#state][event]
    if (next === undefined)
      throw new TypeError(`a transactional producer cannot handle '${event}' in state ${this.#state}`)
    this.#state = next
  }
}
