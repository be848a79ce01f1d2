/** A record as it is stored in a topic: bytes that no converter has read. */
export interface KafkaRecord {
  readonly topic: string
  readonly partition: number
  readonly offset: number
  /** Milliseconds since the epoch. */
  readonly timestamp: number
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: readonly KafkaHeader[]
}

export interface KafkaHeader {
  readonly key: string
  readonly value: Buffer | null
}

/** A record to be written. A string stands for its UTF-8 bytes. */
export interface KafkaRecordInit {
  readonly key?: Buffer | string | null
  readonly value?: Buffer | string | null
  /** By default none. */
  readonly headers?: readonly { readonly key: string; readonly value: Buffer | string | null }[]
  /** By default the key decides, as in Kafka's own producer. */
  readonly partition?: number
  /** Milliseconds since the epoch; by default now. */
  readonly timestamp?: number
}

export interface ReadTopicOptions {
  /**
   * Where to start: at the first or after the last record of each partition, or at the given offsets, by partition; then
   * other partitions are not read.
   */
  readonly from: 'earliest' | 'latest' | ReadonlyMap<number, number>
  /** Ends once everything is read that was in the topic at the time of the call. By default reading does not end. */
  readonly untilEnd?: boolean
  /** Ends the reading. By default the context's `signal`. A hard stop always ends it. */
  readonly signal?: AbortSignal
}

export interface EnsureTopicOptions {
  readonly topic: string
  /** By default what the broker is configured to use. */
  readonly partitions?: number
  /** By default what the broker is configured to use. */
  readonly replicationFactor?: number
  readonly configs?: Readonly<Record<string, string>>
}

/**
 * Kafka itself, for tasks that keep state in a topic of their own, such as a schema history. Uses the client settings of
 * the connector: the worker's `consumer.*`, `producer.*` and the connector's `*.override.*`. Clients are opened when first
 * used, and closed after the task's `close`. A preview can read only: there, `write` and `ensureTopic` reject with
 * `HR_ILLEGAL_STATE`.
 */
export interface TaskKafka {
  /**
   * Reads a topic outside of any consumer group. Batches hold records of one partition, in order. Leave the loop to close
   * the connections. Throws `HR_KAFKA_REFUSED` if the topic or a given partition does not exist.
   */
  readTopic(topic: string, options: ReadTopicOptions): AsyncIterable<readonly KafkaRecord[]>
  /**
   * Writes records in order per partition. Resolves once Kafka has acknowledged all of them. After an error, some of the
   * records may have been written. May be called while the task stops, until `close` has returned.
   */
  write(topic: string, records: readonly KafkaRecordInit[]): Promise<void>
  /** Creates a topic unless it exists; an existing topic is not checked. Throws `HR_KAFKA_REFUSED`. */
  ensureTopic(options: EnsureTopicOptions): Promise<void>
}
