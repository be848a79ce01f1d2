import { ConnectError } from '../../../api/index.ts'
import { Backoff } from '../../timing/index.ts'
import { isRequestTimeout, kafkaFailure, noLeader } from '../connection/broker-errors.ts'
import type { KafkaClient } from '../connection/client.ts'
import { compressBatch } from '../record-batch/index.ts'
import { BatchOutcomes } from './batch-outcomes.ts'
import type { BatchQueue, ProducerBatch } from './batch.ts'
import type { Identities } from './identities.ts'
import { produceRequest, readProduceResponse, resultFor, type ProduceResult } from './produce-request.ts'
import type { ProducerSettings } from './settings.ts'
import { TopicRefresh } from './topic-refresh.ts'
import { leaseEnded, type WriteRight } from './write-right.ts'

/** Time between two looks at a lease that is not held, in milliseconds. */
const LEASE_CHECK_MS = 50

/** Callbacks from the sender to its producer. */
export interface SenderEvents {
  /**
   * Called when a batch is settled, as stored or as failed. Its bytes no longer count towards
   * `buffer.memory`.
   */
  settled(batch: ProducerBatch): void
  /** Called before a batch fails. Returns the error for its listeners. */
  failing(error: ConnectError): ConnectError
  /** Whether to ignore `linger.ms`, because of a flush or a full buffer. */
  sendsAtOnce(): boolean
  /** Called with the number of partitions of a topic after a metadata refresh. */
  partitions(topic: string, count: number): void
  /** Called before a partition's first batch in a transaction. */
  addPartitions(queues: readonly BatchQueue[]): Promise<void>
}

/**
 * Sends closed batches to the partition leaders, in order per partition, with as many requests in flight as
 * the settings allow. Retries retriable failures.
 */
export class Sender {
  readonly #client: KafkaClient
  readonly #settings: ProducerSettings
  readonly #identities: Identities
  readonly #events: SenderEvents
  readonly #right: WriteRight
  readonly #queues = new Set<BatchQueue>()
  readonly #requests = new Map<number, number>()
  readonly #topics: TopicRefresh
  readonly #backoff: Backoff
  readonly #outcomes: BatchOutcomes
  #busy = false
  #again = false
  #timer: NodeJS.Timeout | undefined
  #due = 0
  /** Whether batches wait for the lease. */
  #waiting = false
  /** When batches last waited for the lease, in milliseconds since the epoch. */
  #waitedAt = 0
  #stopped = false

  constructor(
    client: KafkaClient,
    settings: ProducerSettings,
    identities: Identities,
    events: SenderEvents,
    right: WriteRight,
  ) {
    this.#client = client
    this.#settings = settings
    this.#identities = identities
    this.#events = events
    this.#right = right
    this.#backoff = new Backoff(client.settings.retryBackoffMs, client.settings.retryBackoffMaxMs)
    this.#topics = new TopicRefresh(client, {
      ...events,
      refused: (topics, error) => this.#failLeaderless(topics, error),
      ended: () => this.wake(),
      later: (ms) => this.#later(ms),
    })
    const stale = (topic: string) => this.#topics.stale(topic)
    this.#outcomes = new BatchOutcomes(settings, this.#backoff, { ...events, stale }, client)
  }

  /** Adds a queue from which to send batches. */
  add(queue: BatchQueue): void {
    this.#queues.add(queue)
  }

  /** Sends the batches that are ready. Cheap to call often; runs do not overlap. */
  wake(): void {
    if (this.#stopped) return
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

  /**
   * Stops sending. Fails the batches that are not in flight. A batch in flight is settled by its response,
   * and fails if it would need a retry. Differs: Kafka's producer sends its remaining batches before it
   * closes.
   */
  stop(error: ConnectError): void {
    this.#stopped = true
    clearTimeout(this.#timer)
    this.#outcomes.makeFinal()
    this.#failIdle(this.#queues, error)
  }

  /** Stops sending and fails all unsettled batches, including those in flight. */
  close(error: ConnectError): void {
    this.stop(error)
    for (const queue of this.#queues) for (const batch of queue.takeAll()) this.#outcomes.fail(batch, error)
  }

  /** Fails the batches that were never sent. The others are sent or retried as usual. */
  discard(error: ConnectError): void {
    for (const queue of this.#queues)
      for (const batch of queue.takeUnsent()) this.#outcomes.fail(batch, error)
  }

  async #turn(): Promise<void> {
    try {
      if (!this.#mayWrite()) return
      this.#expire()
      const ready = this.#readyByLeader()
      this.#topics.ask()
      for (const [leader, queues] of ready) await this.#send(leader, queues)
    } catch (error) {
      // A retry does not help, and without a failure these batches would wait indefinitely
      this.#failIdle(this.#queues, kafkaFailure(error, 'send records'))
    }
  }

  /** Returns false after the end of the lease; batches then wait or fail. */
  #mayWrite(): boolean {
    const { lease, afterwards } = this.#right
    if (this.#waiting) this.#waitedAt = Date.now()
    this.#waiting = !lease.held
    if (!this.#waiting) return true
    if (afterwards === 'fail') this.#failIdle(this.#queues, leaseEnded())
    else this.#later(LEASE_CHECK_MS)
    return false
  }

  #readyByLeader(): Map<number, BatchQueue[]> {
    const now = Date.now()
    const ready = new Map<number, BatchQueue[]>()
    const lingering: BatchQueue[] = []
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
        this.#client.outages.failing(queue, noLeader(queue))
        this.#topics.stale(queue.topic)
      } else if (!this.#full(leader)) ready.set(leader, [...(ready.get(leader) ?? []), queue])
    }
    this.#addLingering(lingering, ready)
    return ready
  }

  /** Adds lingering batches to a request that is about to be sent to the same leader. */
  #addLingering(lingering: readonly BatchQueue[], ready: ReadonlyMap<number, BatchQueue[]>): void {
    if (ready.size === 0) return
    for (const queue of lingering) {
      const leader = this.#client.leader(queue.topic, queue.partition)
      const others = leader === undefined ? undefined : ready.get(leader)
      if (others === undefined) continue
      queue.closeBatch()
      others.push(queue)
    }
  }

  /** Closes the open batch when `linger.ms` has passed or does not apply. */
  #closeDue(queue: BatchQueue, now: number): void {
    if (queue.open === undefined) return
    const due = queue.open.createdAt + this.#settings.lingerMs
    if (due <= now || this.#events.sendsAtOnce()) queue.closeBatch()
    else this.#later(due - now)
  }

  #full(leader: number): boolean {
    return (this.#requests.get(leader) ?? 0) >= this.#settings.maxInFlight
  }

  /** Sends one request to a leader, without waiting for the response. */
  async #send(leader: number, queues: readonly BatchQueue[]): Promise<void> {
    if (!(await this.#admitted(queues))) return
    const closed = await this.#closeHeads(queues)
    if (!this.#mayWrite()) return
    // An earlier batch may have to be retried first. From here to the request, no step awaits or throws
    const batches = closed.filter((batch) => batch.queue.head === batch)
    if (batches.length === 0) return
    for (const { queue } of batches) {
      queue.take()
      this.#topics.used(queue.topic)
    }
    this.#requests.set(leader, (this.#requests.get(leader) ?? 0) + 1)
    void this.#exchange(leader, batches)
    this.#again = true // the queues may hold more batches that can be in flight
  }

  /**
   * Obtains producer identities for the queues and adds their partitions to the transaction. Returns false
   * after a failure; one that is not retriable fails the batches.
   */
  async #admitted(queues: readonly BatchQueue[]): Promise<boolean> {
    try {
      await this.#identify(queues)
      await this.#events.addPartitions(queues)
      this.#client.outages.recovered(this)
      return true
    } catch (error) {
      const failure = kafkaFailure(error, 'register as a producer')
      if (failure.retriable) {
        this.#client.outages.failing(this, failure)
        this.#later(this.#backoff.next())
      } else this.#failIdle(queues, failure)
      return false
    }
  }

  async #identify(queues: readonly BatchQueue[]): Promise<void> {
    if (!this.#identities.used) return
    for (const queue of queues) {
      if (queue.identity !== undefined || queue.inFlight > 0) continue
      queue.useIdentity(await this.#identities.obtain(queue.exhaustedIdentity))
    }
  }

  /** Compresses the first batch of each queue, up to the size of one request. */
  async #closeHeads(queues: readonly BatchQueue[]): Promise<ProducerBatch[]> {
    const closed: ProducerBatch[] = []
    let size = 0
    for (const { head } of queues) {
      const bytes = head === undefined ? undefined : (head.bytes ?? (await this.#close(head)))
      if (head === undefined || bytes === undefined) continue
      if (size > 0 && size + bytes.length > this.#settings.maxRecordBytes) {
        this.#again = true
        break
      }
      size += bytes.length
      closed.push(head)
    }
    return closed
  }

  /** Compresses a batch. A batch that cannot be compressed fails; other batches are not affected. */
  async #close(batch: ProducerBatch): Promise<Buffer | undefined> {
    const { compression, compressionLevel } = this.#settings
    try {
      batch.bytes = await compressBatch(batch.builder.finish(), compression, compressionLevel)
      return batch.bytes
    } catch (error) {
      if (batch.settled) return undefined
      batch.queue.abandoned(batch)
      this.#outcomes.fail(batch, kafkaFailure(error, `compress a batch with ${compression}`))
      return undefined
    }
  }

  async #exchange(leader: number, batches: readonly ProducerBatch[]): Promise<void> {
    const { acks } = this.#settings
    const answer = await this.#request(leader, batches)
    for (const batch of batches) {
      const result = answer instanceof ConnectError ? answer : resultFor(batch, answer, acks)
      this.#outcomes.settle(batch, result)
    }
    this.#requests.set(leader, (this.#requests.get(leader) ?? 1) - 1)
    this.wake()
  }

  /** Resolves to the broker's results, or to the error of the request. Never rejects. */
  async #request(
    leader: number,
    batches: readonly ProducerBatch[],
  ): Promise<readonly ProduceResult[] | ConnectError> {
    const { acks, transactionalId } = this.#settings
    const timeoutMs = this.#client.settings.requestTimeoutMs
    try {
      const request = produceRequest(batches, { acks, timeoutMs, transactionalId })
      const check = () => {
        if (!this.#right.lease.held) throw leaseEnded()
      }
      const answer = await this.#client.send(leader, { ...request, check })
      return acks === 0 ? [] : readProduceResponse(answer)
    } catch (error) {
      if (isRequestTimeout(error)) await this.#client.disconnect(leader)
      return kafkaFailure(error, `write to broker ${leader}`)
    }
  }

  /** Fails the batches of these queues that are not in flight. */
  #failIdle(queues: Iterable<BatchQueue>, error: ConnectError): void {
    for (const queue of queues) for (const batch of queue.takeIdle()) this.#outcomes.fail(batch, error)
  }

  #failLeaderless(topics: readonly string[], error: ConnectError): void {
    const leaderless = [...this.#queues].filter(
      ({ topic, partition }) => topics.includes(topic) && this.#client.leader(topic, partition) === undefined,
    )
    this.#failIdle(leaderless, error)
  }

  /**
   * Fails waiting batches older than `delivery.timeout.ms`, which starts again after a wait for the lease. A batch in
   * flight is settled by its response.
   */
  #expire(): void {
    const { deliveryTimeoutMs } = this.#settings
    const before = Date.now() - deliveryTimeoutMs
    if (before < this.#waitedAt) return
    for (const queue of this.#queues) {
      for (const batch of queue.takeOlderThan(before)) {
        const { count, partition, topic } = batch
        const message = `${count} records for partition ${partition} of topic ${topic} were not written within ${deliveryTimeoutMs} ms`
        this.#outcomes.fail(batch, new ConnectError('HR_KAFKA_UNAVAILABLE', message))
      }
    }
  }

  /** Schedules a wake-up after `ms`, unless one is due earlier. */
  #later(ms: number): void {
    if (this.#stopped) return
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
