import { ConnectError } from '../../../api/index.ts'
import type { TransactionalProducer } from '../../kafka/index.ts'
import { appendEntries, type LogEntry } from './append-entries.ts'
import type { LogPosition } from './log-reader.ts'

interface Write {
  readonly entries: readonly LogEntry[]
  readonly signal: AbortSignal
  resolve(position: LogPosition): void
  reject(error: Error): void
}

/**
 * Writes to the config topic as the leader of the cluster: in transactions, so that a worker that was the leader before
 * can no longer write. After a failed write, the privileges have to be claimed again.
 *
 * Invariant 5: claiming the privileges fences the producer of every earlier leader.
 * Source: KafkaConfigBackingStore.claimWritePrivileges and sendPrivileged (KIP-618).
 */
export class LeaderWriter {
  readonly #topic: string
  readonly #open: () => Promise<TransactionalProducer>
  readonly #closed = new AbortController()
  #producer: TransactionalProducer | undefined
  #waiting: Write[] = []
  /** The last write or claim; they do not overlap. */
  #last: Promise<unknown> = Promise.resolve()

  /** `open` creates a producer with the transactional id of the cluster. */
  constructor(topic: string, open: () => Promise<TransactionalProducer>) {
    this.#topic = topic
    this.#open = open
  }

  /** Whether the privileges are claimed and no write has failed since. */
  get claimed(): boolean {
    return this.#producer !== undefined
  }

  /** Fences other leaders. Throws the reason of `signal`, and `HR_KAFKA_REFUSED` without the permission. */
  claim(signal: AbortSignal): Promise<void> {
    return this.#inOrder(async () => {
      await this.#drop()
      const producer = await this.#open()
      const stop = AbortSignal.any([signal, this.#closed.signal])
      try {
        await producer.init(stop)
        await producer.prepare(this.#topic, stop)
      } catch (error) {
        await producer.close(0)
        throw error
      }
      this.#producer = producer
    })
  }

  /** Writes entries in one transaction, together with other writes that wait for the last one. Throws `HR_WRITE_FENCED`. */
  write(entries: readonly LogEntry[], signal: AbortSignal): Promise<LogPosition> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ entries, signal, resolve, reject })
      void this.#inOrder(() => this.#writeWaiting())
    })
  }

  async close(): Promise<void> {
    this.#closed.abort(new ConnectError('HR_CONNECT', `The writer of topic ${this.#topic} was closed`))
    await this.#inOrder(() => this.#drop())
  }

  async #writeWaiting(): Promise<void> {
    const writes = this.#waiting
    this.#waiting = []
    if (writes.length === 0) return
    try {
      const positions = await this.#write(writes)
      for (const [index, { resolve }] of writes.entries()) resolve(positions[index] ?? new Map())
    } catch (cause) {
      for (const { reject } of writes) reject(writeFenced(cause))
    }
  }

  async #write(writes: readonly Write[]): Promise<LogPosition[]> {
    const producer = this.#producer
    if (producer === undefined) {
      const message = 'Cannot produce to config topic without claiming write privileges first'
      throw new ConnectError('HR_ILLEGAL_STATE', message)
    }
    try {
      producer.begin()
      const stored = Promise.all(writes.map(({ entries }) => appendEntries(producer, this.#topic, entries)))
      stored.catch(() => {}) // the commit fails too
      await producer.commit(AbortSignal.any([this.#closed.signal, ...writes.map(({ signal }) => signal)]))
      return await stored
    } catch (error) {
      await this.#drop()
      throw error
    }
  }

  async #drop(): Promise<void> {
    const producer = this.#producer
    this.#producer = undefined
    await producer?.close(0)
  }

  #inOrder<T>(step: () => Promise<T>): Promise<T> {
    const result = this.#last.then(step)
    this.#last = result.catch(() => {}) // the caller handles it
    return result
  }
}

/** Source: DistributedHerder.writeToConfigTopicAsLeader. */
function writeFenced(cause: unknown): ConnectError {
  const message =
    'Failed to write to config topic; this may be due to a transient error and the request can be safely retried'
  return new ConnectError('HR_WRITE_FENCED', message, { cause })
}
