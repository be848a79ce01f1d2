import { ConnectError, isRetriable, messageOf } from '../../../api/index.ts'
import { Backoff } from '../../timing/index.ts'
import { brokerError, errorKind, kafkaFailure } from '../connection/broker-errors.ts'
import type { KafkaClient } from '../connection/client.ts'
import { compressBatch, stampBatch } from '../record-batch/index.ts'
import type { ProducerBatch } from './batch.ts'
import type { Identities } from './identities.ts'
import type { PartitionQueue } from './partition-queue.ts'
import { produceRequest, readProduceResponse, resultFor, type ProduceResult } from './produce-request.ts'
import type { ProducerSettings } from './settings.ts'
import { splitBatch } from './split.ts'
import { TopicRefresh } from './topic-refresh.ts'

/** What the sender tells the producer about batches. */
export interface SenderEvents {
  /** A batch is settled, one way or the other: its bytes are free. */
  settled(batch: ProducerBatch): void
  /** True while someone waits for all records to be sent: `linger.ms` does not count then. */
  hurry(): boolean
  /** The brokers were asked anew how many partitions a topic has. */
  partitions(topic: string, count: number): void
  /** Before a partition's first batch of a transaction. */
  enlist(queues: readonly PartitionQueue[]): Promise<void>
}

/** Error codes with a meaning beyond "try again" or "give up". */
const OUT_OF_ORDER_SEQUENCE = 45
const DUPLICATE_SEQUENCE = 46
const INVALID_PRODUCER_EPOCH = 47
const UNKNOWN_PRODUCER_ID = 59
const MESSAGE_TOO_LARGE = 10
const RECORD_LIST_TOO_LARGE = 18

/**
 * Sends closed batches to the leaders of their partitions: as many at a time as the settings allow, in order per
 * partition, again after failures that may pass.
 */
export class Sender {
  readonly #client: KafkaClient
  readonly #settings: ProducerSettings
  readonly #identities: Identities
  readonly #events: SenderEvents
  readonly #queues = new Set<PartitionQueue>()
  readonly #requests = new Map<number, number>()
  readonly #topics: TopicRefresh
  readonly #backoff: Backoff
  #busy = false
  #again = false
  #timer: NodeJS.Timeout | undefined
  #due = 0
  #closed = false

  constructor(client: KafkaClient, settings: ProducerSettings, identities: Identities, events: SenderEvents) {
    this.#client = client
    this.#settings = settings
    this.#identities = identities
    this.#events = events
    this.#topics = new TopicRefresh(client, (topic, count) => events.partitions(topic, count))
    this.#backoff = new Backoff(client.settings.retryBackoffMs, client.settings.retryBackoffMaxMs)
  }

  /** From now on the queue's batches are sent. */
  add(queue: PartitionQueue): void {
    this.#queues.add(queue)
  }

  /** Looks for batches that can go out now. Cheap to call often; it never runs twice at once. */
  wake(): void {
    if (this.#closed) return
    if (this.#busy) {
      this.#again = true
      return
    }
    this.#busy = true
    void this.#turn().finally(() => {
      this.#busy = false
      if (!this.#again) return
      this.#again = false
      this.wake()
    })
  }

  /** Sends nothing more. What is unsettled fails. */
  close(error: ConnectError): void {
    this.#closed = true
    clearTimeout(this.#timer)
    for (const queue of this.#queues) for (const batch of queue.takeAll()) this.#fail(batch, error)
  }

  async #turn(): Promise<void> {
    try {
      this.#expire()
      if (!(await this.#topics.refresh())) this.#later(this.#backoff.next())
      const ready = this.#readyByLeader()
      for (const [leader, queues] of ready) await this.#send(leader, queues)
    } catch (error) {
      this.#client.log.debug('the producer has to wait', { reason: messageOf(error) })
      this.#later(this.#backoff.next())
    }
  }

  #readyByLeader(): Map<number, PartitionQueue[]> {
    const now = Date.now()
    const ready = new Map<number, PartitionQueue[]>()
    const lingering: PartitionQueue[] = []
    for (const queue of this.#queues) {
      if (queue.inFlight >= (queue.onlyOne ? 1 : this.#settings.maxInFlight)) continue
      if (queue.head === undefined) this.#closeDue(queue, now)
      if (queue.head === undefined) {
        if (queue.open !== undefined) lingering.push(queue)
        continue
      }
      if (queue.notBefore > now) {
        this.#later(queue.notBefore - now)
        continue
      }
      const leader = this.#client.leader(queue.topic, queue.partition)
      if (leader === undefined) {
        this.#topics.stale(queue.topic)
        this.#later(this.#backoff.next())
      } else if (!this.#full(leader)) ready.set(leader, [...(ready.get(leader) ?? []), queue])
    }
    this.#takeAlong(lingering, ready)
    return ready
  }

  /** A request that goes out anyway takes what still lingers for the same leader. */
  #takeAlong(lingering: readonly PartitionQueue[], ready: ReadonlyMap<number, PartitionQueue[]>): void {
    if (ready.size === 0) return
    for (const queue of lingering) {
      const leader = this.#client.leader(queue.topic, queue.partition)
      const others = leader === undefined ? undefined : ready.get(leader)
      if (others === undefined) continue
      queue.closeBatch()
      others.push(queue)
    }
  }

  /** Closes the batch being filled when it has waited for `linger.ms`, or nobody may wait longer. */
  #closeDue(queue: PartitionQueue, now: number): void {
    if (queue.open === undefined) return
    const due = queue.open.createdAt + this.#settings.lingerMs
    if (due <= now || this.#events.hurry()) queue.closeBatch()
    else this.#later(due - now)
  }

  #full(leader: number): boolean {
    return (this.#requests.get(leader) ?? 0) >= this.#settings.maxInFlight
  }

  /** Forms one request for a leader and sends it; the answer is handled when it comes. */
  async #send(leader: number, queues: readonly PartitionQueue[]): Promise<void> {
    if (!(await this.#admitted(queues))) return
    const batches: ProducerBatch[] = []
    let size = 0
    for (const queue of queues) {
      const batch = queue.head
      if (batch === undefined) continue
      batch.bytes ??= await this.#close(batch)
      if (queue.head !== batch) continue // meanwhile an earlier one came back, and goes first
      if (size > 0 && size + batch.bytes.length > this.#settings.maxRecordBytes) {
        this.#again = true
        break
      }
      size += batch.bytes.length
      queue.take()
      this.#topics.used(queue.topic)
      const identity = queue.identity
      const stamp = identity === undefined ? null : { ...identity, baseSequence: batch.sequence ?? 0 }
      stampBatch(batch.bytes, stamp, this.#settings.transactionalId !== null)
      batches.push(batch)
    }
    if (batches.length === 0) return
    this.#requests.set(leader, (this.#requests.get(leader) ?? 0) + 1)
    void this.#exchange(leader, batches)
    this.#again = true // the queues may hold more that fits in flight
  }

  /** Gives queues what they need before they may write. What can never be had fails their batches. */
  async #admitted(queues: readonly PartitionQueue[]): Promise<boolean> {
    try {
      await this.#identify(queues)
      await this.#events.enlist(queues)
      return true
    } catch (error) {
      if (isRetriable(error)) throw error
      const failure = kafkaFailure(error, 'be admitted as a producer')
      for (const batch of queues.flatMap((queue) => queue.takeAll())) this.#fail(batch, failure)
      return false
    }
  }

  async #identify(queues: readonly PartitionQueue[]): Promise<void> {
    if (!this.#identities.used) return
    for (const queue of queues) {
      if (queue.identity !== undefined || queue.inFlight > 0) continue
      queue.adopt(await this.#identities.obtain(queue.spentIdentity))
    }
  }

  #close(batch: ProducerBatch): Promise<Buffer> {
    const { compression, compressionLevel } = this.#settings
    return compressBatch(batch.builder.finish(), compression, compressionLevel)
  }

  async #exchange(leader: number, batches: readonly ProducerBatch[]): Promise<void> {
    const { acks, transactionalId } = this.#settings
    const timeoutMs = this.#client.settings.requestTimeoutMs
    try {
      const answer = await this.#client.send(
        leader,
        produceRequest(batches, { acks, timeoutMs, transactionalId }),
      )
      const results = acks === 0 ? [] : readProduceResponse(answer)
      for (const batch of batches) this.#settle(batch, resultFor(batch, results, acks))
    } catch (error) {
      // Whether the broker has the batches is not known; with their sequences they can be sent again
      if (/timed out/.test(messageOf(error))) await this.#client.disconnect(leader)
      for (const batch of batches) this.#comeBack(batch, error as ConnectError)
    } finally {
      this.#requests.set(leader, (this.#requests.get(leader) ?? 1) - 1)
      this.wake()
    }
  }

  #settle(batch: ProducerBatch, result: ProduceResult | undefined): void {
    const { queue } = batch
    const code = result?.errorCode ?? 0
    if (code === 0 || code === DUPLICATE_SEQUENCE) {
      this.#backoff.reset()
      queue.acknowledged(batch)
      batch.acknowledged(code === 0 ? (result?.baseOffset ?? -1) : -1)
      this.#events.settled(batch)
      return
    }
    const error = brokerError(code, `write to partition ${batch.partition} of topic ${batch.topic}`)
    if (code === OUT_OF_ORDER_SEQUENCE && queue.hasEarlier(batch)) return this.#comeBack(batch, error, true)
    if ([OUT_OF_ORDER_SEQUENCE, UNKNOWN_PRODUCER_ID, INVALID_PRODUCER_EPOCH].includes(code)) {
      return this.#loseSequence(queue, batch, error)
    }
    if ((code === MESSAGE_TOO_LARGE || code === RECORD_LIST_TOO_LARGE) && batch.count > 1) {
      return queue.refused(batch, splitBatch(batch))
    }
    if (errorKind(code).retriable) return this.#comeBack(batch, error)
    queue.refused(batch)
    this.#fail(batch, error)
  }

  #comeBack(batch: ProducerBatch, error: ConnectError, mayPass = error.retriable): void {
    const { queue } = batch
    this.#topics.stale(queue.topic)
    if (!mayPass || batch.attempts > this.#settings.retries) {
      queue.abandoned(batch)
      this.#fail(batch, error)
      return
    }
    queue.notBefore = Date.now() + this.#backoff.next()
    queue.cameBack(batch)
  }

  #loseSequence(queue: PartitionQueue, batch: ProducerBatch, error: ConnectError): void {
    if (this.#settings.transactionalId === null && batch.attempts <= this.#settings.retries) {
      return queue.sequenceLost(batch)
    }
    queue.abandoned(batch)
    this.#fail(batch, error)
  }

  #fail(batch: ProducerBatch, error: ConnectError): void {
    batch.failed(error)
    this.#events.settled(batch)
  }

  /** Batches that waited longer than `delivery.timeout.ms` fail. Those in flight are settled by their answer first. */
  #expire(): void {
    const { deliveryTimeoutMs } = this.#settings
    const before = Date.now() - deliveryTimeoutMs
    for (const queue of this.#queues) {
      if (queue.open !== undefined && queue.open.createdAt < before) queue.closeBatch()
      for (let batch = queue.head; batch !== undefined && batch.createdAt < before; batch = queue.head) {
        const where = `partition ${queue.partition} of topic ${queue.topic}`
        const message = `${batch.count} records for ${where} were not written within ${deliveryTimeoutMs} ms`
        queue.abandoned(batch)
        this.#fail(batch, new ConnectError('HR_KAFKA_UNAVAILABLE', message))
      }
    }
  }

  /** Another turn after `ms`, unless one is due before. */
  #later(ms: number): void {
    const due = Date.now() + Math.max(1, ms)
    if (this.#timer !== undefined && this.#due <= due) return
    clearTimeout(this.#timer)
    this.#due = due
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.wake()
    }, due - Date.now())
  }
}
