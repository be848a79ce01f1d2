import type { ConnectError } from '../../../api/index.ts'
import { Backoff } from '../../timing/index.ts'
import { brokerError, errorKind, kafkaFailure } from '../connection/broker-errors.ts'
import type { KafkaClient } from '../connection/client.ts'

/** Callbacks of a {@link TopicRefresh}. */
export interface RefreshEvents {
  /** Called with the number of partitions of a topic after a refresh. */
  partitions(topic: string, count: number): void
  /** Called when the metadata of these topics cannot be read and the error is not retriable. */
  refused(topics: readonly string[], error: ConnectError): void
  /** Called after each attempt, whether or not it succeeded. */
  ended(): void
  /** Called with the delay after which {@link TopicRefresh.ask} must be called again, in milliseconds. */
  later(ms: number): void
}

/**
 * Refreshes topic metadata in the background, so that a partition without a leader does not delay other
 * partitions. Refreshes topics whose leaders may have moved and, every `metadata.max.age.ms`, the topics in
 * use, which may have new partitions. Waits at least `retry.backoff.ms` between two requests. Skips a topic
 * that is not written to: if it was deleted, a request would create it again.
 */
export class TopicRefresh {
  readonly #client: KafkaClient
  readonly #events: RefreshEvents
  readonly #backoff: Backoff
  readonly #stale = new Set<string>()
  readonly #used = new Set<string>()
  #askAgainAt: number
  #notBefore = 0
  #refreshing = false

  constructor(client: KafkaClient, events: RefreshEvents) {
    this.#client = client
    this.#events = events
    const { metadataMaxAgeMs, retryBackoffMs, retryBackoffMaxMs } = client.settings
    this.#backoff = new Backoff(retryBackoffMs, retryBackoffMaxMs)
    this.#askAgainAt = Date.now() + metadataMaxAgeMs
  }

  /** Marks a topic as in use. Called when records are written to it. */
  used(topic: string): void {
    this.#used.add(topic)
  }

  /**
   * Marks a topic as stale. Called when the leader of one of its partitions is unknown or may have changed.
   */
  stale(topic: string): void {
    this.#stale.add(topic)
  }

  /** Starts a request if one is needed and due. Does not block and never throws. */
  ask(): void {
    this.#age()
    if (this.#stale.size === 0 || this.#refreshing) return
    const waitMs = this.#notBefore - Date.now()
    if (waitMs > 0) {
      this.#events.later(waitMs)
      return
    }
    this.#refreshing = true
    void this.#refresh([...this.#stale]).finally(() => {
      this.#refreshing = false
      this.#events.ended()
    })
  }

  async #refresh(topics: readonly string[]): Promise<void> {
    const { outages } = this.#client
    try {
      const { topics: found } = await this.#client.refresh(topics, { createMissing: true })
      outages.recovered(this)
      for (const topic of topics) this.#stale.delete(topic) // the sender marks a topic again if needed
      for (const { topic, errorCode } of found) this.#note(topic, errorCode)
      if (topics.every((topic) => this.#complete(topic))) this.#backoff.reset()
    } catch (error) {
      const failure = kafkaFailure(error, `refresh the metadata of ${topics.join(', ')}`)
      if (failure.retriable) {
        outages.failing(this, failure)
      } else {
        outages.recovered(this)
        for (const topic of topics) this.#stale.delete(topic)
        this.#events.refused(topics, failure)
      }
    }
    this.#notBefore = Date.now() + this.#backoff.next()
  }

  #note(topic: string, errorCode: number): void {
    this.#events.partitions(topic, this.#client.topic(topic)?.partitions.length ?? 0)
    if (errorCode === 0 || errorKind(errorCode).retriable) return
    this.#events.refused([topic], brokerError(errorCode, `refresh the metadata of ${topic}`))
  }

  #complete(topic: string): boolean {
    const partitions = this.#client.topic(topic)?.partitions ?? []
    return partitions.length > 0 && partitions.every(({ leader }) => leader >= 0)
  }

  #age(): void {
    const now = Date.now()
    if (now < this.#askAgainAt) return
    this.#askAgainAt = now + this.#client.settings.metadataMaxAgeMs
    for (const topic of this.#used) this.#stale.add(topic)
    this.#used.clear()
  }
}
