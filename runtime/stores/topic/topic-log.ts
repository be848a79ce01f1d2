import { ConnectError, type Logger, type PartitionOffset, type TopicPartition } from '../../../api/index.ts'
import type { DeliveryListener, Producer } from '../../kafka/index.ts'
import { JoinedCall, within } from '../../timing/index.ts'
import { LogReader, type LogPosition, type LogRecord } from './log-reader.ts'
import { openLogStorage, type LogClients, type LogStorage } from './log-storage.ts'
import { ensureTopic, findPartitions, type LogTopic } from './log-topic.ts'

export interface LogEntry {
  readonly key: string
  readonly value: string | null
}

const START_TIMEOUT_MS = 15 * 60_000
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
  readonly #stopped = new AbortController()
  readonly #ends = new JoinedCall(() => this.#findEnds())
  #storage: LogStorage | undefined
  #producer: Producer | undefined
  #reader: LogReader | undefined
  #partitions: readonly TopicPartition[] = []
  /** Resolves when a start is over, one way or the other. */
  #starting: Promise<void> = Promise.resolve()
  #started = false
  /** Nothing is written any more. */
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
   * Creates the topic where it is absent, and reads all of it. Throws `HR_CONFIG_INVALID` when it cannot serve, and
   * `HR_CONNECT` when it cannot be read.
   */
  start(): Promise<void> {
    const starting = this.#start()
    this.#starting = starting.then(
      () => {},
      () => {}, // its caller hears of it
    )
    return starting
  }

  async #start(): Promise<void> {
    const { signal } = this.#stopped
    const { topic } = this.#topic
    const storage = (this.#storage = await this.#open(this.#clients, this.#log))
    signal.throwIfAborted()
    const { admin, reader } = storage
    if (!(await ensureTopic(admin, this.#topic, signal))) return
    this.#partitions = await findPartitions(reader, this.#topic, signal)
    this.#producer = await storage.openProducer()
    const starts = await reader.startOffsets(this.#partitions, { timeoutMs: START_TIMEOUT_MS, signal })
    signal.throwIfAborted()
    this.#reader = new LogReader(topic, () => storage.openFetcher(), this.#apply, this.#log)
    this.#reader.start(starts)
    try {
      await this.readToEnd(START_TIMEOUT_MS)
    } catch (error) {
      await this.#reader.close() // who cannot start does not retry
      throw error
    }
    this.#started = true
  }

  /**
   * Writes entries in order; resolves once all are stored, to the position behind the last one in each partition, which
   * is `Infinity` where it is not known. Throws `HR_CONNECT` once the log is stopped.
   */
  async write(entries: readonly LogEntry[]): Promise<LogPosition> {
    const producer = this.#producer
    if (producer === undefined) throw new TypeError('a topic log is written before its start')
    if (!this.#stopping) await producer.prepare(this.#topic.topic, this.#stopped.signal)
    if (this.#stopping) throw this.#stoppedError()
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

  /** Resolves once what was written up to a position is applied, and so all before it. Throws as {@link readToEnd}. */
  async readTo(position: LogPosition, timeoutMs: number): Promise<void> {
    // A batch that had to be sent again was found to be there already, but not where
    if ([...position.values()].includes(Infinity)) return this.readToEnd(timeoutMs)
    await this.#reader?.reach(position, timeoutMs)
  }

  /**
   * Resolves once everything written before the call is applied. Throws `HR_REQUEST_TIMEOUT`, and `HR_CONNECT` while the
   * topic cannot be read or once the log is stopped.
   */
  async readToEnd(timeoutMs: number): Promise<void> {
    if (this.#storage === undefined) throw new TypeError('a topic log is read before its start')
    if (this.#stopping) throw this.#stoppedError()
    const reader = this.#reader
    if (reader === undefined) return // the topic is absent, and is not to be created
    const deadline = Date.now() + timeoutMs
    const ends = await within(timeoutMs, this.#ends.ask(), () => Promise.reject(reader.late()))
    const position = new Map(ends.map(({ partition, offset }) => [partition, offset]))
    await reader.reach(position, Math.max(1, deadline - Date.now()))
  }

  /** Lets what was written go out, and closes all connections. A start that is under way fails. */
  async stop(): Promise<void> {
    this.#stopping = true
    if (!this.#started) return this.#stopStarting()
    await this.#producer?.close(CLOSE_TIMEOUT_MS)
    this.#stopped.abort(this.#stoppedError())
    await this.#close()
  }

  async #stopStarting(): Promise<void> {
    this.#stopped.abort(this.#stoppedError())
    await this.#close() // makes calls fail that a start waits for
    await this.#starting
    await this.#producer?.close(0)
    await this.#close()
  }

  async #close(): Promise<void> {
    await this.#reader?.close()
    await this.#storage?.close()
  }

  #stoppedError(): ConnectError {
    return new ConnectError('HR_CONNECT', `The log of topic ${this.#topic.topic} was stopped`)
  }

  async #findEnds(): Promise<PartitionOffset[]> {
    const reader = this.#storage?.reader
    if (reader === undefined) throw new TypeError('a topic log is read before its start')
    const readCommitted = this.#clients.consumer['isolation.level']?.trim() === 'read_committed'
    return reader.endOffsets(this.#partitions, { signal: this.#stopped.signal, readCommitted })
  }
}
