/** A record as stored in a topic: bytes, without conversion. */
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

/** A header of a {@link KafkaRecord}. */
export interface KafkaHeader {
  readonly key: string
  readonly value: Buffer | null
}

/** A record to be written. A string represents its UTF-8 bytes. */
export interface KafkaRecordInit {
  readonly key?: Buffer | string | null
  readonly value?: Buffer | string | null
  /** None by default. */
  readonly headers?: readonly { readonly key: string; readonly value: Buffer | string | null }[]
  /** By default chosen from the key, as by Kafka's own producer. */
  readonly partition?: number
  /** Milliseconds since the epoch; the current time by default. */
  readonly timestamp?: number
}

/** Options of {@link TaskKafka.readTopic}. */
export interface ReadTopicOptions {
  /**
   * Where to start: at the first record of each partition, after the last one, or at an offset for each partition
   * number; partitions without an offset are then not read.
   */
  readonly from: 'earliest' | 'latest' | ReadonlyMap<number, number>
  /**
   * Whether to stop after the records that exist when reading starts. By default, reading continues with new records.
   */
  readonly untilEnd?: boolean
  /** Stops reading when aborted; the context's `signal` by default. A hard stop always stops it. */
  readonly signal?: AbortSignal
}

/** The topic to create in {@link TaskKafka.ensureTopic}. */
export interface EnsureTopicOptions {
  readonly topic: string
  /** The broker's default if not set. */
  readonly partitions?: number
  /** The broker's default if not set. */
  readonly replicationFactor?: number
  readonly configs?: Readonly<Record<string, string>>
}

/**
 * Access to Kafka, for tasks that keep state in their own topic, such as a schema history. Uses the client settings of
 * the connector: the worker's `consumer.*`, `producer.*` and the connector's `*.override.*`. Clients are opened on
 * first use, and closed after `close` of the task. A preview can only read: `write` and `ensureTopic` reject with
 * `HR_ILLEGAL_STATE`.
 */
export interface TaskKafka {
  /**
   * Reads a topic outside of any consumer group. Each batch contains records of one partition, in order. Leaving the
   * loop closes the connections. Throws `HR_KAFKA_REFUSED` if the topic or a given partition does not exist.
   */
  readTopic(topic: string, options: ReadTopicOptions): AsyncIterable<readonly KafkaRecord[]>
  /**
   * Writes records in order per partition. Resolves once Kafka has acknowledged all of them. After an error, some of
   * the records may have been written. Can be called while the task is stopping, until `close` has returned.
   */
  write(topic: string, records: readonly KafkaRecordInit[]): Promise<void>
  /** Creates a topic unless it exists; an existing topic is not checked. Throws `HR_KAFKA_REFUSED`. */
  ensureTopic(options: EnsureTopicOptions): Promise<void>
}
