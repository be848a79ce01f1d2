import { ConnectError, type Logger, type PartitionOffset, type TopicPartition } from '../../../api/index.ts'
import type { Producer } from '../../kafka/index.ts'
import { JoinedCall, within } from '../../timing/index.ts'
import { appendEntries, type LogEntry } from './append-entries.ts'
import { LogReader, type LogPosition, type LogRecord } from './log-reader.ts'
import { openLogStorage, type LogClients, type LogStorage } from './log-storage.ts'
import { ensureTopic, findPartitions, type LogTopic } from './log-topic.ts'

const START_TIMEOUT_MS = 15 * 60_000
const CLOSE_TIMEOUT_MS = 5000

/**
 * A compacted topic that is read from the beginning and then followed. A single reader applies each record to
 * memory; there may be many writers.
 *
 * Invariant 7: when a write resolves, the brokers have stored it, and a worker reads all of it before it
 * starts.
 *
 * Source: KafkaBasedLog, TopicAdmin.
 */
export class TopicLog {
  readonly #topic: LogTopic
  readonly #log: Logger
  readonly #clients: LogClients
  readonly #apply: (record: LogRecord) => void
  readonly #open: typeof openLogStorage
  readonly #stopped = new AbortController()
  readonly #ends = new JoinedCall(() => this.#findEnds())
  #storage: LogStorage | undefined
  #producer: Producer | undefined
  /** Undefined when the producer is shared. */
  #ownProducer: Producer | undefined
  #reader: LogReader | undefined
  #partitions: readonly TopicPartition[] = []
  /** Resolves when a start has finished, successfully or not. */
  #starting: Promise<void> = Promise.resolve()
  #started = false
  /** Once set, nothing is written. */
  #stopping = false

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

  /**
   * Creates the topic when it is missing, and reads all of it. Throws `HR_CONFIG_INVALID` when the topic is
   * unsuitable, and `HR_CONNECT` when it cannot be read.
   */
  start(): Promise<void> {
    const starting = this.#start()
    this.#starting = starting.then(
      () => {},
      () => {}, // the caller of start() handles it
    )
    return starting
  }

  async #start(): Promise<void> {
    const { signal } = this.#stopped
    const { topic } = this.#topic
    const { outages } = this.#clients
    const storage = (this.#storage = await this.#open(this.#clients, this.#log))
    signal.throwIfAborted()
    const { admin, reader } = storage
    if (!(await ensureTopic(admin, this.#topic, signal))) return
    this.#partitions = await findPartitions(reader, this.#topic, signal)
    this.#producer = this.#clients.sharedProducer ?? (this.#ownProducer = await storage.openProducer())
    const starts = await reader.startOffsets(this.#partitions, { timeoutMs: START_TIMEOUT_MS, signal })
    signal.throwIfAborted()
    this.#reader = new LogReader(topic, () => storage.openFetcher(), this.#apply, this.#log, outages)
    this.#reader.start(starts)
    try {
      await this.readToEnd(START_TIMEOUT_MS)
    } catch (error) {
      await this.#reader.close() // a failed start must not keep retrying
      throw error
    }
    this.#started = true
  }

  /**
   * Writes entries in order. Resolves once all are stored, to the offset after the last one in each
   * partition, which is `Infinity` when unknown. Throws `HR_CONNECT` once the log is stopped.
   */
  async write(entries: readonly LogEntry[]): Promise<LogPosition> {
    const producer = this.#producer
    if (producer === undefined) throw new TypeError('a topic log was written before it was started')
    if (!this.#stopping) await producer.prepare(this.#topic.topic, this.#stopped.signal)
    if (this.#stopping) throw this.#stoppedError()
    return appendEntries(producer, this.#topic.topic, entries)
  }

  /** Resolves once all records before a position are applied. Throws the same errors as {@link readToEnd}. */
  async readTo(position: LogPosition, timeoutMs: number): Promise<void> {
    // A retried batch turned out to be stored already, but its offset is unknown
    if ([...position.values()].includes(Infinity)) return this.readToEnd(timeoutMs)
    await this.#reader?.reach(position, timeoutMs)
  }

  /**
   * Resolves once everything written before the call is applied. Throws `HR_REQUEST_TIMEOUT`, and
   * `HR_CONNECT` while the topic cannot be read or once the log is stopped.
   */
  async readToEnd(timeoutMs: number): Promise<void> {
    if (this.#storage === undefined) throw new TypeError('a topic log was read before it was started')
    if (this.#stopping) throw this.#stoppedError()
    const reader = this.#reader
    if (reader === undefined) return // the topic is missing and is not created
    const deadline = Date.now() + timeoutMs
    const ends = await within(timeoutMs, this.#ends.ask(), () => Promise.reject(reader.late()))
    const position = new Map(ends.map(({ partition, offset }) => [partition, offset]))
    await reader.reach(position, Math.max(1, deadline - Date.now()))
  }

  /**
   * Flushes pending writes for at most `timeoutMs`, unless the producer is shared, and closes all connections. A start
   * in progress fails.
   */
  async stop(timeoutMs = CLOSE_TIMEOUT_MS): Promise<void> {
    this.#stopping = true
    if (!this.#started) return this.#stopStarting()
    await this.#ownProducer?.close(timeoutMs)
    this.#stopped.abort(this.#stoppedError())
    await this.#close()
  }

  async #stopStarting(): Promise<void> {
    this.#stopped.abort(this.#stoppedError())
    await this.#close() // rejects the calls that a start is waiting for
    await this.#starting
    await this.#ownProducer?.close(0)
    await this.#close()
  }

  async #close(): Promise<void> {
    await this.#reader?.close()
    await this.#storage?.close()
  }

  #stoppedError(): ConnectError {
    return new ConnectError('HR_CONNECT', `The log of topic ${this.#topic.topic} was stopped`)
  }

  /**
   * The ends are those of all records, so that a reader of committed records waits for open transactions. Behind one of
   * another connector, there may be committed offsets that it cannot see yet.
   */
  async #findEnds(): Promise<PartitionOffset[]> {
    const reader = this.#storage?.reader
    if (reader === undefined) throw new TypeError('a topic log was read before it was started')
    return reader.endOffsets(this.#partitions, { signal: this.#stopped.signal })
  }
}
