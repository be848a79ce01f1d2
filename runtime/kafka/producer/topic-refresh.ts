import type { ConnectError } from '../../../api/index.ts'
import { Backoff } from '../../timing/index.ts'
import { brokerError, errorKind, kafkaFailure } from '../connection/broker-errors.ts'
import type { KafkaClient } from '../connection/client.ts'

/** What a {@link TopicRefresh} reports to its producer. */
export interface RefreshEvents {
  /** The brokers have answered how many partitions a topic has. */
  partitions(topic: string, count: number): void
  /** The metadata of these topics cannot be had, and another try does not help. */
  refused(topics: readonly string[], error: ConnectError): void
  /** An attempt has ended, well or not. */
  ended(): void
  /** The next attempt is due in so many milliseconds: {@link TopicRefresh.ask} is to be called then. */
  later(ms: number): void
}

/**
 * Refreshes the metadata of topics in the background, so that a partition without a leader delays no other: topics whose
 * leaders seem to have moved, and after `metadata.max.age.ms` those in use, which may have more partitions by now.
 * At least `retry.backoff.ms` pass between two requests. A topic that nothing is written to is left alone: it may have
 * been deleted, and asking would create it again.
 */
export class TopicRefresh {
  readonly #client: KafkaClient
  readonly #events: RefreshEvents
  readonly #backoff: Backoff
  readonly #stale = new Set<string>()
  readonly #used = new Set<string>()
  #askAgainAt: number
  #notBefore = 0
  #underWay = false

  constructor(client: KafkaClient, events: RefreshEvents) {
    this.#client = client
    this.#events = events
    const { metadataMaxAgeMs, retryBackoffMs, retryBackoffMaxMs } = client.settings
    this.#backoff = new Backoff(retryBackoffMs, retryBackoffMaxMs)
    this.#askAgainAt = Date.now() + metadataMaxAgeMs
  }

  /** Something is written to the topic. */
  used(topic: string): void {
    this.#used.add(topic)
  }

  /** A leader of the topic's partitions is unknown, or no longer the one that was known. */
  stale(topic: string): void {
    this.#stale.add(topic)
  }

  /** Starts a request when one is needed and due. Never waits and never throws. */
  ask(): void {
    this.#age()
    if (this.#stale.size === 0 || this.#underWay) return
    const waitMs = this.#notBefore - Date.now()
    if (waitMs > 0) {
      this.#events.later(waitMs)
      return
    }
    this.#underWay = true
    void this.#refresh([...this.#stale]).finally(() => {
      this.#underWay = false
      this.#events.ended()
    })
  }

  async #refresh(topics: readonly string[]): Promise<void> {
    const { outages } = this.#client
    try {
      const { topics: found } = await this.#client.refresh(topics, { createMissing: true })
      outages.recovered(this)
      for (const topic of topics) this.#stale.delete(topic) // the sender marks those again that it needs
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
