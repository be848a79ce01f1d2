import { ConnectError, messageOf, type Logger, type Props, type TopicPartition } from '../../../api/index.ts'
import {
  openClient,
  openFetcher,
  openProducer,
  TopicAdmin,
  type DeliveryListener,
  type Fetcher,
  type KafkaClient,
  type NewTopic,
  type Producer,
} from '../../kafka/index.ts'
import { Changes, sleep, within } from '../../timing/index.ts'

/** A topic that holds the state of a store, and how the store calls it. */
export interface LogTopic extends NewTopic {
  /** Setting that names the topic, for error messages: `offset.storage.topic`. */
  readonly setting: string
  /** Whose setting that is. */
  readonly place?: 'worker' | 'connector'
  /** What is in it, for error messages: `source connector offsets`. */
  readonly purpose: string
  /** Number of partitions that it must have. */
  readonly exactPartitions?: number
  /** Whether it is created where it is absent, as by default; if not, there is nothing in it. */
  readonly create?: boolean
}

/** Kafka properties of the clients that look after a topic, read it and write it. */
export interface LogClients {
  readonly admin: Props
  readonly consumer: Props
  readonly producer: Props
}

/** The same properties for all: those of the worker. */
export const sameForAll = (props: Props): LogClients => ({ admin: props, consumer: props, producer: props })

/** A record as the stores see it. */
export interface LogRecord {
  readonly partition: number
  readonly offset: number
  readonly key: Buffer | null
  readonly value: Buffer | null
  /** When it was written, in milliseconds since the epoch. */
  readonly timestamp: number
}

export interface LogEntry {
  readonly key: string
  readonly value: string | null
}

const CREATE_TIMEOUT_MS = 60_000
const METADATA_TIMEOUT_MS = 30_000
const START_TIMEOUT_MS = 15 * 60_000
const IDLE_WAIT_MS = 60_000
const CLOSE_TIMEOUT_MS = 5000

/**
 * A compacted topic that is read from the beginning and followed for good, by one reader that applies each record
 * to memory, and written by many.
 *
 * Invariant 7: what a write resolved for is stored by the brokers, and a worker reads all of it before it starts.
 *
 * Source: KafkaBasedLog, TopicAdmin.
 */
export class TopicLog {
  readonly #topic: LogTopic
  readonly #log: Logger
  readonly #clients: LogClients
  readonly #apply: (record: LogRecord) => void
  readonly #progress = new Changes()
  readonly #stopped = new AbortController()
  /** Offset up to which each partition is applied. */
  readonly #applied = new Map<number, number>()
  #client: KafkaClient | undefined
  #reader: KafkaClient | undefined
  #producer: Producer | undefined
  #fetcher: Fetcher | undefined
  #partitions: readonly TopicPartition[] = []
  #reading: Promise<void> | undefined
  #failure: ConnectError | undefined

  /** `apply` is called for each record, in order per partition. */
  constructor(topic: LogTopic, clients: LogClients, log: Logger, apply: (record: LogRecord) => void) {
    this.#topic = topic
    this.#clients = clients
    this.#log = log
    this.#apply = apply
  }

  /** Creates the topic where it is absent, and reads all of it. Throws `HR_CONFIG_INVALID` when it cannot serve. */
  async start(): Promise<void> {
    const { admin: adminProps, consumer, producer } = this.#clients
    const client = (this.#client = await openClient(adminProps, this.#log))
    const reader = (this.#reader = consumer === adminProps ? client : await openClient(consumer, this.#log))
    const admin = new TopicAdmin(client)
    if (!(await this.#ensureTopic(admin))) return
    this.#partitions = await this.#findPartitions(reader)
    this.#producer = await openProducer({ ...producer, 'acks': 'all', 'linger.ms': '0' }, this.#log)
    const readerProps = { ...consumer, 'auto.offset.reset': 'earliest', 'fetch.max.wait.ms': '500' }
    this.#fetcher = openFetcher(reader, readerProps)
    const starts = await new TopicAdmin(reader).startOffsets(this.#partitions, this.#within(START_TIMEOUT_MS))
    for (const { partition, offset } of starts) this.#applied.set(partition, offset)
    this.#fetcher.add(starts)
    this.#reading = this.#read(this.#fetcher)
    await this.readToEnd(START_TIMEOUT_MS)
  }

  #within(timeoutMs: number) {
    return { timeoutMs, signal: this.#stopped.signal }
  }

  /** Writes entries in order; resolves once all are stored. */
  async write(entries: readonly LogEntry[]): Promise<void> {
    const producer = this.#producer
    if (producer === undefined) throw new TypeError('a topic log is written before its start')
    await producer.prepare(this.#topic.topic, this.#stopped.signal)
    await new Promise<void>((resolve, reject) => {
      let open = entries.length
      const listener: DeliveryListener = {
        acknowledged: (_first, count) => {
          open -= count
          if (open === 0) resolve()
        },
        failed: (_first, _count, error) => reject(error),
      }
      if (open === 0) resolve()
      const timestamp = Date.now()
      for (const [index, { key, value }] of entries.entries()) {
        producer.append(this.#topic.topic, null, { key, value, timestamp, headers: [] }, listener, index)
      }
    })
  }

  /** Resolves once everything written before the call is applied. Throws `HR_REQUEST_TIMEOUT`. */
  async readToEnd(timeoutMs: number): Promise<void> {
    const client = this.#reader
    if (client === undefined) throw new TypeError('a topic log is read before its start')
    const readCommitted = this.#clients.consumer['isolation.level']?.trim() === 'read_committed'
    const deadline = Date.now() + timeoutMs
    const signal = this.#stopped.signal
    const admin = new TopicAdmin(client)
    const late = () =>
      new ConnectError('HR_REQUEST_TIMEOUT', `Timed out reading to the end of topic ${this.#topic.topic}`)
    const ends = await within(timeoutMs, admin.endOffsets(this.#partitions, { signal, readCommitted }), () =>
      Promise.reject(late()),
    )
    const reached = () =>
      this.#failure !== undefined ||
      ends.every(({ partition, offset }) => (this.#applied.get(partition) ?? 0) >= offset)
    const done = await this.#progress.waitFor(reached, Math.max(1, deadline - Date.now()), signal)
    if (this.#failure !== undefined) throw this.#failure
    if (!done) throw late()
  }

  async stop(): Promise<void> {
    await this.#producer?.close(CLOSE_TIMEOUT_MS)
    this.#stopped.abort(new Error(`the log of topic ${this.#topic.topic} was stopped`))
    this.#fetcher?.close()
    await this.#reading
    await Promise.all([this.#client?.close(), this.#reader?.close()])
  }

  async #read(fetcher: Fetcher): Promise<void> {
    const { signal } = this.#stopped
    while (!signal.aborted) {
      try {
        await fetcher.wait(IDLE_WAIT_MS, signal)
        for (const { partition, records, count } of await fetcher.take(Infinity)) {
          for (let left = count; left > 0 && records.next(); left--) this.#apply(recordOf(partition, records))
        }
        for (const { topic, partition } of this.#partitions) {
          const position = fetcher.state(topic, partition)?.position
          if (position !== undefined) this.#applied.set(partition, position)
        }
      } catch (error) {
        if (signal.aborted) return
        this.#failure = new ConnectError(
          'HR_CONNECT',
          `Failed to read topic ${this.#topic.topic}: ${messageOf(error)}`,
          {
            cause: error,
          },
        )
        this.#log.error('a store can no longer be read', {
          topic: this.#topic.topic,
          reason: messageOf(error),
        })
        this.#progress.notify()
        return
      }
      this.#progress.notify()
    }
  }

  /** False when it is absent and shall remain so. */
  async #ensureTopic(admin: TopicAdmin): Promise<boolean> {
    const { topic, setting, create = true } = this.#topic
    const [existing] = await admin.existing([topic], this.#within(CREATE_TIMEOUT_MS))
    if (existing === undefined && !create) return false
    if (existing === undefined) {
      const creation = await admin.create(this.#topic, this.#within(CREATE_TIMEOUT_MS))
      if (creation === 'created') return true
    }
    const policy = await admin.cleanupPolicy(topic)
    if (policy === undefined || policy.join() === 'compact') return true
    throw new ConnectError('HR_CONFIG_INVALID', wrongPolicyText(this.#topic, policy), {
      configKey: setting,
    })
  }

  async #findPartitions(client: KafkaClient): Promise<TopicPartition[]> {
    const { topic, setting, purpose, exactPartitions } = this.#topic
    const admin = new TopicAdmin(client)
    const deadline = Date.now() + METADATA_TIMEOUT_MS
    for (let waitMs = 20; ; waitMs = Math.min(waitMs * 2, 1000)) {
      const [found] = await admin.existing([topic], this.#within(METADATA_TIMEOUT_MS))
      const partitions = found?.partitions ?? []
      if (partitions.length > 0 && partitions.every(({ leader }) => leader >= 0)) {
        if (exactPartitions !== undefined && partitions.length !== exactPartitions) {
          const message = `Topic '${topic}' supplied via the '${setting}' property is required to have a single partition in order to guarantee consistency of ${purpose}, but found ${partitions.length} partitions.`
          throw new ConnectError('HR_CONFIG_INVALID', message, { configKey: setting })
        }
        return partitions.map(({ partition }) => ({ topic, partition }))
      }
      if (Date.now() > deadline) {
        const hint =
          'This could occur if the connect worker does not have permission to access the topic, or it does not exist'
        const message = `Could not look up partition metadata for topic '${topic}' in the allotted period. ${hint}`
        throw new ConnectError('HR_CONNECT', message, { configKey: setting })
      }
      await sleep(waitMs, this.#stopped.signal)
    }
  }
}

function recordOf(
  partition: number,
  records: Parameters<typeof fieldOf>[0] & { readonly offset: number; readonly timestamp: number },
): LogRecord {
  const key = fieldOf(records, records.keyStart, records.keyLength)
  const value = fieldOf(records, records.valueStart, records.valueLength)
  const { offset, timestamp } = records
  return { partition, offset, key, value, timestamp }
}

/** A copy: stores keep values, and a view would keep the whole response. */
function fieldOf(
  {
    bytes,
  }: { readonly bytes: Buffer; keyStart: number; keyLength: number; valueStart: number; valueLength: number },
  start: number,
  length: number,
): Buffer | null {
  return length < 0 ? null : Buffer.from(bytes.subarray(start, start + length))
}

function wrongPolicyText({ topic, setting, purpose, place }: LogTopic, policy: readonly string[]): string {
  const where = place === 'connector' ? 'configuration of the connector' : 'Connect worker configurations'
  return (
    `Topic '${topic}' supplied via the '${setting}' property is required to have 'cleanup.policy=compact' to guarantee ` +
    `consistency and durability of ${purpose}, but found the topic currently has 'cleanup.policy=${policy.join()}'. ` +
    `Continuing would likely result in eventually losing ${purpose} and problems restarting this Connect cluster in the ` +
    `future. Change the '${setting}' property in the ${where} to use a topic with 'cleanup.policy=compact'.`
  )
}
