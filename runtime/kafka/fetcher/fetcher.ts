import { ConnectError, type PartitionOffset, type TopicPartition } from '../../../api/index.ts'
import { Backoff, Changes, sleep } from '../../timing/index.ts'
import { brokerError, kafkaFailure, noLeader } from '../connection/broker-errors.ts'
import type { KafkaClient } from '../connection/client.ts'
import { fetchRequest, readFetchResponse, type PartitionAnswer } from './fetch-request.ts'
import { resetOffsets } from './offset-reset.ts'
import { PartitionState, type Segment } from './partition-state.ts'
import type { FetchSettings } from './settings.ts'
import { topicPartitionKey } from '../topic-partition.ts'

const OFFSET_OUT_OF_RANGE = 1
const NOT_LEADER_KINDS = new Set([3, 5, 6, 9, 74, 75, 76])

/**
 * Reads assigned partitions. Keeps one fetch request in flight per leader while the buffers have room, so
 * that records arrive while earlier ones are being processed.
 */
export class Fetcher {
  readonly #client: KafkaClient
  readonly #settings: FetchSettings
  readonly #partitions = new Map<string, PartitionState>()
  readonly #fetching = new Set<number>()
  readonly #data = new Changes()
  readonly #backoff: Backoff
  readonly #closed = new AbortController()
  #failure: ConnectError | undefined
  /** Key of the start offsets in `outages`. */
  readonly #positions = {}
  #resolving = false
  #refreshing = false
  /** Rotates the partition to start with, so that no partition starves. */
  #turn = 0

  constructor(client: KafkaClient, settings: FetchSettings) {
    this.#client = client
    this.#settings = settings
    this.#backoff = new Backoff(client.settings.retryBackoffMs, client.settings.retryBackoffMaxMs)
  }

  get assignment(): TopicPartition[] {
    return [...this.#partitions.values()].map(({ topic, partition }) => ({ topic, partition }))
  }

  /**
   * Starts to read partitions at the given offsets. Where the offset is undefined, `auto.offset.reset`
   * applies.
   */
  add(partitions: readonly (TopicPartition & { readonly offset: number | undefined })[]): void {
    for (const { topic, partition, offset } of partitions) {
      this.#partitions.set(topicPartitionKey(topic, partition), new PartitionState(topic, partition, offset))
    }
    this.#pump()
  }

  remove(partitions: readonly TopicPartition[]): void {
    this.#forgetNeeds(partitions)
    for (const { topic, partition } of partitions)
      this.#partitions.delete(topicPartitionKey(topic, partition))
  }

  state(topic: string, partition: number): PartitionState | undefined {
    return this.#partitions.get(topicPartitionKey(topic, partition))
  }

  seek({ topic, partition, offset }: PartitionOffset): void {
    this.state(topic, partition)?.seek(offset)
    this.#pump()
  }

  pause(partitions: readonly TopicPartition[]): void {
    for (const { topic, partition } of partitions) {
      const state = this.state(topic, partition)
      if (state !== undefined) state.paused = true
    }
    this.#forgetNeeds(partitions)
  }

  resume(partitions: readonly TopicPartition[]): void {
    for (const { topic, partition } of partitions) {
      const state = this.state(topic, partition)
      if (state !== undefined) state.paused = false
    }
    this.#pump()
    this.#data.notify()
  }

  /**
   * Resolves when records are available, when `also` returns true after a {@link wake}, after `maxWaitMs`, or
   * on abort. Rejects with the error that ended reading.
   */
  async wait(maxWaitMs: number, signal: AbortSignal, also: () => boolean = () => false): Promise<void> {
    this.#pump()
    const ready = () => this.#failure !== undefined || this.#readable().length > 0 || also()
    await this.#data.waitFor(ready, maxWaitMs, signal)
    if (this.#failure !== undefined) throw this.#failure
  }

  /** Makes a pending {@link wait} check its condition again. */
  wake(): void {
    this.#data.notify()
  }

  /** Returns up to `max` buffered records, from one partition after another. */
  async take(max: number): Promise<Segment[]> {
    const segments: Segment[] = []
    let left = max
    const readable = this.#readable()
    for (let step = 0; step < readable.length && left > 0; step++) {
      const state = readable[(this.#turn + step) % readable.length]
      while (state !== undefined && left > 0) {
        const segment = await state.take(left, this.#settings.checkSums)
        if (segment === undefined) break
        segments.push(segment)
        left -= segment.count
      }
    }
    this.#turn++
    this.#pump()
    return segments
  }

  close(): void {
    this.#closed.abort()
    this.#forgetNeeds(this.assignment)
    this.#partitions.clear()
    this.#data.notify()
  }

  /**
   * Clears the failures of partitions that are no longer read. Other failures are reported again on the next
   * retry.
   */
  #forgetNeeds(partitions: readonly TopicPartition[]): void {
    const states = partitions.map(({ topic, partition }) => this.state(topic, partition))
    for (const need of [this, this.#positions, ...states]) this.#client.outages.recovered(need)
  }

  #readable(): PartitionState[] {
    return [...this.#partitions.values()].filter((state) => !state.paused && state.hasData)
  }

  /** Sends a fetch request to each leader of readable partitions that has none in flight. */
  #pump(): void {
    if (this.#closed.signal.aborted || this.#failure !== undefined) return
    const wanted = new Map<number, PartitionState[]>()
    let buffered = 0
    for (const state of this.#partitions.values()) buffered += state.bufferedBytes
    for (const state of this.#partitions.values()) {
      const { topic, partition, fetchOffset } = state
      if (state.paused || state.bufferedBytes >= this.#settings.partitionBytes) continue
      if (buffered >= this.#settings.maxBytes && state.hasData) continue
      const leader = this.#client.leader(topic, partition)
      if (fetchOffset === undefined) this.#resolvePositions()
      else if (leader === undefined) {
        this.#client.outages.failing(state, noLeader(state))
        this.#refreshMetadata()
      } else if (!this.#fetching.has(leader)) wanted.set(leader, [...(wanted.get(leader) ?? []), state])
    }
    for (const [leader, states] of wanted) void this.#fetch(leader, states)
  }

  async #fetch(leader: number, states: readonly PartitionState[]): Promise<void> {
    this.#fetching.add(leader)
    const sent = states.map((state) => ({ state, epoch: state.epoch }))
    try {
      const wanted = states.map(({ topic, partition, fetchOffset }) => ({
        topic,
        partition,
        offset: fetchOffset ?? 0,
      }))
      const answer = readFetchResponse(await this.#client.send(leader, fetchRequest(wanted, this.#settings)))
      if (answer.errorCode !== 0) throw brokerError(answer.errorCode, 'fetch')
      for (const part of answer.partitions) this.#accept(part, sent)
      // A broker returns errors immediately, so an immediate retry would be a busy loop
      if (answer.partitions.every(({ errorCode }) => errorCode === 0)) this.#backoff.reset()
      else await sleep(this.#backoff.next(), this.#closed.signal)
    } catch (error) {
      await this.#onFailure(
        error,
        states.filter((state) => !state.paused && this.state(state.topic, state.partition) === state),
      )
    } finally {
      this.#fetching.delete(leader)
      this.#data.notify()
      this.#pump()
    }
  }

  #accept(part: PartitionAnswer, sent: readonly { state: PartitionState; epoch: number }[]): void {
    const asked = sent.find(({ state }) => state.topic === part.topic && state.partition === part.partition)
    const state = this.state(part.topic, part.partition)
    if (asked === undefined || state !== asked.state || state.epoch !== asked.epoch) return
    if (part.errorCode === 0) {
      this.#client.outages.recovered(state)
      this.#client.outages.recovered(this)
      if (part.batches.length > 0) state.accept(part)
      return
    }
    const doing = `read partition ${part.partition} of topic ${part.topic}`
    const error = brokerError(part.errorCode, doing)
    if (part.errorCode === OFFSET_OUT_OF_RANGE) return this.#outOfRange(state)
    const moved = NOT_LEADER_KINDS.has(part.errorCode)
    if (!moved && !error.retriable) {
      this.#failure = error
      return
    }
    this.#client.outages.failing(state, error)
    if (moved) this.#refreshMetadata()
  }

  #outOfRange(state: PartitionState): void {
    const { topic, partition, fetchOffset } = state
    if (this.#settings.reset !== 'none') {
      const { reset } = this.#settings
      const to = typeof reset === 'string' ? reset : `records of the last ${reset.durationMs} ms`
      const fields = { topic, partition, 'offset': fetchOffset, 'auto.offset.reset': to }
      this.#client.log.warn('the fetch offset is out of range; resetting it', fields)
      state.seek(undefined)
      return
    }
    const message = `Offset ${fetchOffset} of partition ${partition} of topic ${topic} is out of range, and auto.offset.reset is none`
    this.#failure = new ConnectError('HR_KAFKA_REFUSED', message, { configKey: 'auto.offset.reset' })
  }

  /** Looks up the start offsets of partitions without a position. */
  #resolvePositions(): void {
    if (this.#resolving) return
    this.#resolving = true
    void this.#resolve()
      .catch((error: unknown) => this.#onFailure(error, [this.#positions]))
      .finally(() => {
        this.#resolving = false
        this.#pump()
      })
  }

  async #resolve(): Promise<void> {
    const { reset, readCommitted } = this.#settings
    const open = [...this.#partitions.values()].filter((state) => state.fetchOffset === undefined)
    if (open.length === 0) return
    if (reset === 'none') {
      const names = open.map(({ topic, partition }) => topicPartitionKey(topic, partition)).join(', ')
      throw new ConnectError(
        'HR_KAFKA_REFUSED',
        `No committed offset for ${names}, and auto.offset.reset is none`,
      )
    }
    for (const { topic, partition, offset } of await resetOffsets(this.#client, open, reset, readCommitted)) {
      const state = this.state(topic, partition)
      if (state?.fetchOffset === undefined) state?.seek(offset)
    }
    this.#client.outages.recovered(this.#positions)
  }

  #refreshMetadata(): void {
    if (this.#refreshing) return
    this.#refreshing = true
    const topics = [...new Set(this.assignment.map(({ topic }) => topic))]
    void sleep(this.#backoff.next(), this.#closed.signal)
      .then(() => this.#client.refresh(topics))
      .then(
        () => this.#client.outages.recovered(this),
        (error: unknown) => this.#client.outages.failing(this, error),
      )
      .finally(() => {
        this.#refreshing = false
        this.#pump()
      })
  }

  /** Retries a retriable error after a backoff and a metadata refresh. Any other error ends reading. */
  async #onFailure(error: unknown, needs: readonly object[]): Promise<void> {
    if (this.#closed.signal.aborted) return
    const failure = kafkaFailure(error, 'fetch')
    if (!failure.retriable) {
      this.#failure = failure
      this.#data.notify()
      return
    }
    for (const need of needs) this.#client.outages.failing(need, failure)
    this.#client.log.debug('fetch failed', { reason: failure.message })
    await sleep(this.#backoff.next(), this.#closed.signal)
    this.#refreshMetadata()
  }
}
