import {
  ConnectError,
  type EnsureTopicOptions,
  type KafkaRecord,
  type KafkaRecordInit,
  type ReadTopicOptions,
  type TaskKafka,
} from '../api/index.ts'

/** Topics in memory, for `context.kafka` in tests. Each has one partition, and is created by the first `write`. */
export class MemoryKafka implements TaskKafka {
  readonly #signal: AbortSignal
  readonly #waiting = new Set<() => void>()
  /** All records, by topic. */
  readonly topics = new Map<string, KafkaRecord[]>()

  /** `signal` ends reading by default. */
  constructor(signal: AbortSignal) {
    this.#signal = signal
  }

  async *readTopic(
    topic: string,
    { from, untilEnd = false, signal = this.#signal }: ReadTopicOptions,
  ): AsyncGenerator<readonly KafkaRecord[]> {
    const log = this.topics.get(topic)
    if (log === undefined) throw new ConnectError('HR_KAFKA_REFUSED', `Topic ${topic} does not exist`)
    let position = from === 'earliest' ? 0 : from === 'latest' ? log.length : (from.get(0) ?? log.length)
    while (!signal.aborted) {
      const batch = log.slice(position)
      position = log.length
      if (batch.length > 0) yield batch
      if (untilEnd) return
      if (position === log.length) await this.#changed(signal)
    }
  }

  async write(topic: string, records: readonly KafkaRecordInit[]): Promise<void> {
    const log = this.topics.get(topic) ?? []
    this.topics.set(topic, log)
    for (const { key = null, value = null, headers = [], timestamp = Date.now() } of records) {
      const stored = headers.map((header) => ({ key: header.key, value: bytesOf(header.value) }))
      const place = { topic, partition: 0, offset: log.length }
      log.push({ ...place, timestamp, key: bytesOf(key), value: bytesOf(value), headers: stored })
    }
    for (const wake of this.#waiting) wake()
  }

  async ensureTopic({ topic }: EnsureTopicOptions): Promise<void> {
    if (!this.topics.has(topic)) this.topics.set(topic, [])
  }

  #changed(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve()
    return new Promise((resolve) => {
      const wake = () => {
        this.#waiting.delete(wake)
        signal.removeEventListener('abort', wake)
        resolve()
      }
      this.#waiting.add(wake)
      signal.addEventListener('abort', wake, { once: true })
    })
  }
}

const bytesOf = (value: Buffer | string | null): Buffer | null =>
  typeof value === 'string' ? Buffer.from(value, 'utf8') : value
