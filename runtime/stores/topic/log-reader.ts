import {
  ConnectError,
  messageOf,
  type Logger,
  type PartitionOffset,
  type TopicPartition,
} from '../../../api/index.ts'
import { ClientOutages, type Outages } from '../../kafka/index.ts'
import { Backoff, Changes, sleep } from '../../timing/index.ts'
import type { LogFetcher } from './log-storage.ts'

/** A record as passed to the stores. */
export interface LogRecord {
  readonly partition: number
  readonly offset: number
  readonly key: Buffer | null
  readonly value: Buffer | null
  /** When it was written, in milliseconds since the epoch. */
  readonly timestamp: number
}

/** Offsets by partition number. */
export type LogPosition = ReadonlyMap<number, number>

const IDLE_WAIT_MS = 60_000
/** After a failure, the topic counts as readable once no fetch has been rejected for this long. */
const PROBE_WAIT_MS = 2000
const FIRST_RETRY_MS = 250
const MAX_RETRY_MS = 10_000

/**
 * Follows the partitions of a topic from given offsets and applies each record. When reading fails, retries
 * from the same position with backoff: a rejection may be temporary, for example until an ACL is restored.
 *
 * Source: KafkaBasedLog.WorkThread.
 */
export class LogReader {
  readonly #topic: string
  readonly #open: () => LogFetcher
  readonly #apply: (record: LogRecord) => void
  readonly #log: Logger
  readonly #outages: ClientOutages
  readonly #progress = new Changes()
  readonly #closed = new AbortController()
  readonly #backoff = new Backoff(FIRST_RETRY_MS, MAX_RETRY_MS)
  /** The offset up to which records are applied, by partition. */
  readonly #applied = new Map<number, number>()
  #partitions: readonly TopicPartition[] = []
  #reading: Promise<void> | undefined
  /** Why the topic cannot be read at present; undefined while it can. */
  #failure: ConnectError | undefined

  /**
   * `open` opens a fetcher without partitions; `apply` is called for each record, in order per partition. While
   * the topic cannot be read, that is part of `outages`.
   */
  constructor(
    topic: string,
    open: () => LogFetcher,
    apply: (record: LogRecord) => void,
    log: Logger,
    outages: Outages,
  ) {
    this.#topic = topic
    this.#open = open
    this.#apply = apply
    this.#log = log
    this.#outages = new ClientOutages(outages)
  }

  start(from: readonly PartitionOffset[]): void {
    this.#partitions = from
    for (const { partition, offset } of from) this.#applied.set(partition, offset)
    this.#reading = this.#follow()
  }

  /**
   * Resolves once all records before a position are applied. Throws `HR_CONNECT` while the topic cannot be
   * read, and `HR_REQUEST_TIMEOUT`.
   */
  async reach(position: LogPosition, timeoutMs: number): Promise<void> {
    const reached = () =>
      this.#failure !== undefined ||
      [...position].every(([partition, offset]) => (this.#applied.get(partition) ?? 0) >= offset)
    const done = await this.#progress.waitFor(reached, timeoutMs, this.#closed.signal)
    if (this.#failure !== undefined) throw this.#failure
    if (!done) throw this.late()
  }

  /** The error for a read that exceeds its timeout. */
  late(): ConnectError {
    return new ConnectError('HR_REQUEST_TIMEOUT', `Timed out reading to the end of topic ${this.#topic}`)
  }

  /** Stops reading. Resolves once no more records are applied. */
  async close(): Promise<void> {
    this.#closed.abort()
    this.#outages.close()
    await this.#reading
  }

  async #follow(): Promise<void> {
    const { signal } = this.#closed
    while (!signal.aborted) {
      try {
        await this.#read()
      } catch (error) {
        if (signal.aborted) return
        this.#fail(error)
        await sleep(this.#backoff.next(), signal)
      }
    }
  }

  /** Reads with one fetcher until it fails or the reader is closed. */
  async #read(): Promise<void> {
    const { signal } = this.#closed
    const fetcher = this.#open()
    try {
      const offsetOf = ({ partition }: TopicPartition) => this.#applied.get(partition) ?? 0
      fetcher.add(this.#partitions.map((place) => ({ ...place, offset: offsetOf(place) })))
      while (!signal.aborted) {
        await fetcher.wait(this.#failure === undefined ? IDLE_WAIT_MS : PROBE_WAIT_MS, signal)
        if (!signal.aborted) await this.#applyNext(fetcher)
      }
    } finally {
      fetcher.close()
    }
  }

  async #applyNext(fetcher: LogFetcher): Promise<void> {
    for (const { partition, records, count } of await fetcher.take(Infinity)) {
      for (let left = count; left > 0 && records.next(); left--) this.#applyOne(recordOf(partition, records))
    }
    for (const { topic, partition } of this.#partitions) {
      const position = fetcher.state(topic, partition)?.position
      if (position !== undefined) this.#applied.set(partition, position)
    }
    this.#recover()
    this.#progress.notify()
  }

  /**
   * Logs and skips a record that cannot be applied: it would fail at each attempt and block the records after
   * it.
   */
  #applyOne(record: LogRecord): void {
    try {
      this.#apply(record)
    } catch (error) {
      const { partition, offset } = record
      this.#log.error('ignoring a record of an internal topic that cannot be applied', {
        topic: this.#topic,
        partition,
        offset,
        err: error,
      })
    }
  }

  #fail(error: unknown): void {
    const reason = messageOf(error)
    const message = `Failed to read topic ${this.#topic}: ${reason}`
    this.#failure = new ConnectError('HR_CONNECT', message, { cause: error })
    this.#outages.failing(this, this.#failure, true)
    this.#progress.notify()
  }

  #recover(): void {
    this.#backoff.reset()
    if (this.#failure === undefined) return
    this.#failure = undefined
    this.#outages.recovered(this)
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

/** Copies a field: stores keep values, and a view would retain the whole response. */
function fieldOf(
  {
    bytes,
  }: { readonly bytes: Buffer; keyStart: number; keyLength: number; valueStart: number; valueLength: number },
  start: number,
  length: number,
): Buffer | null {
  return length < 0 ? null : Buffer.from(bytes.subarray(start, start + length))
}
