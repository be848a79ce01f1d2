import type { KafkaClient } from '../connection/client.ts'

/**
 * Knows of which topics a producer has to ask the brokers again: those whose leaders seem to have moved, and after
 * `metadata.max.age.ms` those in use, which may have more partitions by now. A topic that nothing is written to is left
 * alone: it may be gone, and asking would bring it back.
 */
export class TopicRefresh {
  readonly #client: KafkaClient
  readonly #found: (topic: string, partitions: number) => void
  readonly #stale = new Set<string>()
  readonly #used = new Set<string>()
  #askAgainAt: number

  /** `found` hears how many partitions a topic has, each time the brokers were asked. */
  constructor(client: KafkaClient, found: (topic: string, partitions: number) => void) {
    this.#client = client
    this.#found = found
    this.#askAgainAt = Date.now() + client.settings.metadataMaxAgeMs
  }

  /** Something is written to the topic. */
  used(topic: string): void {
    this.#used.add(topic)
  }

  /** Who leads the topic's partitions is not known, or no longer. */
  stale(topic: string): void {
    this.#stale.add(topic)
  }

  /** Asks, where it has to. False while a partition has no leader: to be called again after a while. */
  async refresh(): Promise<boolean> {
    this.#age()
    if (this.#stale.size === 0) return true
    const topics = [...this.#stale]
    await this.#client.refresh(topics, { createMissing: true })
    for (const topic of topics) {
      const partitions = this.#client.topic(topic)?.partitions ?? []
      this.#found(topic, partitions.length)
      if (partitions.length > 0 && partitions.every((info) => info.leader >= 0)) this.#stale.delete(topic)
    }
    return this.#stale.size === 0
  }

  #age(): void {
    const now = Date.now()
    if (now < this.#askAgainAt) return
    this.#askAgainAt = now + this.#client.settings.metadataMaxAgeMs
    for (const topic of this.#used) this.#stale.add(topic)
    this.#used.clear()
  }
}
