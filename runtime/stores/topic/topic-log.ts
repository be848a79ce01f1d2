import {
  ConnectError,
  messageOf,
  type Logger,
  type PartitionOffset,
  type TopicPartition,
} from '../../../api/index.ts'
import type { DeliveryListener, Producer } from '../../kafka/index.ts'
import { Changes, JoinedCall, within } from '../../timing/index.ts'
import { openLogStorage, type LogClients, type LogFetcher, type LogStorage } from './log-storage.ts'
import { ensureTopic, findPartitions, type LogTopic } from './log-topic.ts'

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

/** Behind the last entry that was written, by partition; infinite where that is not known. */
export type LogPosition = ReadonlyMap<number, number>

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
  readonly #open: typeof openLogStorage
  readonly #progress = new Changes()
  readonly #stopped = new AbortController()
  /** Offset up to which each partition is applied. */
  readonly #applied = new Map<number, number>()
  readonly #ends = new JoinedCall(() => this.#findEnds())
  #storage: LogStorage | undefined
  #producer: Producer | undefined
  #fetcher: LogFetcher | undefined
  #partitions: readonly TopicPartition[] = []
  #reading: Promise<void> | undefined
  #failure: ConnectError | undefined

  /** `apply` is called for each record, in order per partition. */
  constructor(
    topic: LogTopic,
    clients: LogClients,
    log: Logger,
    apply: (record: LogRecord) => void,
    open: typeof openLogStorage = openLogStorage,
  ) {
    this.#topic = topic
    this.#clients = clients
    this.#log = log
    this.#apply = apply
    this.#open = open
  }

  /** Creates the topic where it is absent, and reads all of it. Throws `HR_CONFIG_INVALID` when it cannot serve. */
  async start(): Promise<void> {
    const { signal } = this.#stopped
    const storage = (this.#storage = await this.#open(this.#clients, this.#log))
    const { admin, reader } = storage
    if (!(await ensureTopic(admin, this.#topic, signal))) return
    this.#partitions = await findPartitions(reader, this.#topic, signal)
    this.#producer = await storage.openProducer()
    this.#fetcher = storage.openFetcher()
    const starts = await reader.startOffsets(this.#partitions, { timeoutMs: START_TIMEOUT_MS, signal })
    for (const { partition, offset } of starts) this.#applied.set(partition, offset)
    this.#fetcher.add(starts)
    this.#reading = this.#read(this.#fetcher)
    await this.readToEnd(START_TIMEOUT_MS)
  }

  /** Writes entries in order; resolves once all are stored, to where that is. */
  async write(entries: readonly LogEntry[]): Promise<LogPosition> {
    const producer = this.#producer
    if (producer === undefined) throw new TypeError('a topic log is written before its start')
    await producer.prepare(this.#topic.topic, this.#stopped.signal)
    return new Promise((resolve, reject) => {
      let open = entries.length
      const ends = new Map<number, number>()
      const listener: DeliveryListener = {
        acknowledged: (_first, count, _topic, partition, baseOffset) => {
          ends.set(
            partition,
            baseOffset < 0 ? Infinity : Math.max(ends.get(partition) ?? 0, baseOffset + count),
          )
          open -= count
          if (open === 0) resolve(ends)
        },
        failed: (_first, _count, error) => reject(error),
      }
      if (open === 0) resolve(ends)
      const timestamp = Date.now()
      for (const [index, { key, value }] of entries.entries()) {
        producer.append(this.#topic.topic, null, { key, value, timestamp, headers: [] }, listener, index)
      }
    })
  }

  /** Resolves once what was written up to a position is applied, and so all before it. Throws `HR_REQUEST_TIMEOUT`. */
  async readTo(position: LogPosition, timeoutMs: number): Promise<void> {
    // A batch that had to be sent again was found to be there already, but not where
    if ([...position.values()].includes(Infinity)) return this.readToEnd(timeoutMs)
    await this.#reach(position, timeoutMs)
  }

  /** Resolves once everything written before the call is applied. Throws `HR_REQUEST_TIMEOUT`. */
  async readToEnd(timeoutMs: number): Promise<void> {
    const deadline = Date.now() + timeoutMs
    const ends = await within(timeoutMs, this.#ends.ask(), () => Promise.reject(this.#late()))
    await this.#reach(
      new Map(ends.map(({ partition, offset }) => [partition, offset])),
      Math.max(1, deadline - Date.now()),
    )
  }

  async stop(): Promise<void> {
    await this.#producer?.close(CLOSE_TIMEOUT_MS)
    this.#stopped.abort(new Error(`the log of topic ${this.#topic.topic} was stopped`))
    this.#fetcher?.close()
    await this.#reading
    await this.#storage?.close()
  }

  async #reach(position: LogPosition, timeoutMs: number): Promise<void> {
    const reached = () =>
      this.#failure !== undefined ||
      [...position].every(([partition, offset]) => (this.#applied.get(partition) ?? 0) >= offset)
    const done = await this.#progress.waitFor(reached, timeoutMs, this.#stopped.signal)
    if (this.#failure !== undefined) throw this.#failure
    if (!done) throw this.#late()
  }

  #late(): ConnectError {
    const message = `Timed out reading to the end of topic ${this.#topic.topic}`
    return new ConnectError('HR_REQUEST_TIMEOUT', message)
  }

  async #findEnds(): Promise<PartitionOffset[]> {
    const reader = this.#storage?.reader
    if (reader === undefined) throw new TypeError('a topic log is read before its start')
    const readCommitted = this.#clients.consumer['isolation.level']?.trim() === 'read_committed'
    return reader.endOffsets(this.#partitions, { signal: this.#stopped.signal, readCommitted })
  }

  async #read(fetcher: LogFetcher): Promise<void> {
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
