import { ConnectError, type PartitionOffset } from '../../../../api/index.ts'
import type { DeliveryListener, RawRecord, Segment, TopicCreation } from '../../../kafka/index.ts'
import { Signal } from '../../../timing/index.ts'
import { gate } from '../../../timing/test/gate.ts'
import type { LogFetcher, LogStorage } from '../log-storage.ts'

export const TOPIC = 'state'

interface Written {
  readonly key: Buffer | null
  readonly value: Buffer | null
}

const bytesOf = (value: RawRecord['value']): Buffer | null =>
  typeof value === 'string' ? Buffer.from(value) : value === null ? null : Buffer.from(value)

/** A topic in memory, and the Kafka operations that a log uses. */
export class MemoryTopic {
  /** Records by partition; those before `start` have been compacted away. */
  readonly partitions: Written[][]
  readonly asked: string[] = []
  /** How many fetchers were opened. */
  fetchers = 0
  /** The outcome for each appended record; `found` stores it too, but without a known offset. */
  fate: () => 'stored' | 'found' | ConnectError = () => 'stored'
  /** The first remaining offset. */
  start = 0
  creation: TopicCreation = 'created'
  policy: string[] | undefined = ['compact']
  exists = true
  /** Partitions without a leader, for this many lookups. */
  leaderless = 0
  /** Thrown on the next read. */
  readFailure: Error | undefined
  endOffsets: () => Promise<void> = async () => {}
  /** Resolves once a producer has found the topic. */
  prepared: () => Promise<void> = async () => {}
  /** One of each fetcher. */
  readonly #news = new Set<Signal>()

  constructor(partitions = 1) {
    this.partitions = Array.from({ length: partitions }, () => [])
  }

  /** Adds a record of another writer. */
  add(key: string | null, value: string | null, partition = 0): void {
    const bytes = (text: string | null) => (text === null ? null : Buffer.from(text))
    this.partitions[partition]?.push({ key: bytes(key), value: bytes(value) })
    this.#notify()
  }

  /** Makes the broker reject reads from now on. */
  breakReading(error: Error): void {
    this.readFailure = error
    this.#notify()
  }

  /** Makes the broker allow reads again. */
  allowReading(): void {
    this.readFailure = undefined
  }

  #notify(): void {
    for (const news of this.#news) news.notify()
  }

  storage(): LogStorage {
    const found = () => {
      const leader = this.leaderless-- > 0 ? -1 : 1
      const partitions = this.partitions.map((_, partition) => ({ partition, leader, replicas: 1 }))
      return this.exists ? [{ topic: TOPIC, errorCode: 0, partitions }] : []
    }
    return {
      admin: {
        existing: async () => found(),
        create: async ({ topic, partitions, configs }) => {
          this.asked.push(`create ${topic} ${partitions} ${JSON.stringify(configs)}`)
          this.exists = true
          return this.creation
        },
        cleanupPolicy: async () => this.policy,
      },
      reader: {
        existing: async () => found(),
        startOffsets: async () => this.#offsets(() => this.start),
        endOffsets: async (_partitions, limits) => {
          this.asked.push(limits?.readCommitted === true ? 'committed ends' : 'ends')
          await this.endOffsets()
          return this.#offsets((records) => records.length)
        },
      },
      openProducer: async () => ({
        prepare: async () => this.prepared(),
        refresh: async () => {},
        stop: () => {},
        check: () => {},
        append: (_topic, _partition, record, listener, index) => this.#append(record, listener, index),
        room: async () => {},
        flush: async () => {},
        close: async () => void this.asked.push('close producer'),
      }),
      openFetcher: () => {
        this.fetchers++
        return this.#fetcher()
      },
      close: async () => void this.asked.push('close'),
    }
  }

  #offsets(of: (records: readonly Written[]) => number): PartitionOffset[] {
    return this.partitions.map((records, partition) => ({ topic: TOPIC, partition, offset: of(records) }))
  }

  #append({ key, value }: RawRecord, listener: DeliveryListener, index: number): boolean {
    const fate = this.fate()
    setImmediate(() => {
      if (typeof fate !== 'string') return listener.failed(index, 1, fate)
      this.partitions[0]?.push({ key: bytesOf(key), value: bytesOf(value) })
      const offset = (this.partitions[0]?.length ?? 0) - 1
      listener.acknowledged(index, 1, TOPIC, 0, fate === 'found' ? -1 : offset)
      this.#notify()
    })
    return true
  }

  #fetcher(): LogFetcher {
    const positions = new Map<number, number>()
    const closed = gate<never>()
    const news = new Signal()
    this.#news.add(news)
    const hasNews = () =>
      [...positions].some(([partition, at]) => at < (this.partitions[partition]?.length ?? 0))
    return {
      add: (partitions) => {
        for (const { partition, offset } of partitions) positions.set(partition, offset ?? 0)
      },
      wait: async (maxWaitMs, signal) => {
        if (!hasNews() && !signal.aborted && this.readFailure === undefined) {
          await Promise.race([news.wait(maxWaitMs, signal), closed.opened])
        }
        if (this.readFailure !== undefined) throw this.readFailure
      },
      take: async () =>
        [...positions].map(([partition, from]) => {
          const records = (this.partitions[partition] ?? []).slice(from)
          positions.set(partition, from + records.length)
          return segment(partition, from, records)
        }),
      state: (_topic, partition) => ({ position: positions.get(partition) }),
      close: () => void this.asked.push('close fetcher'),
    }
  }
}

/** Consecutive records in a response buffer, passed out the way a real segment does. */
function segment(partition: number, fromOffset: number, written: readonly Written[]): Segment {
  let next = 0
  const records = {
    bytes: Buffer.alloc(0),
    offset: -1,
    timestamp: 0,
    keyStart: 0,
    keyLength: -1,
    valueStart: 0,
    valueLength: -1,
    next() {
      const record = written[next]
      if (record === undefined) return false
      const { key, value } = record
      records.bytes.fill(0) // the previous record is overwritten
      records.bytes = Buffer.concat([key ?? Buffer.alloc(0), value ?? Buffer.alloc(0)])
      records.offset = fromOffset + next++
      records.keyLength = key?.length ?? -1
      records.valueStart = key?.length ?? 0
      records.valueLength = value?.length ?? -1
      return true
    },
  }
  // The log reads no other fields of a batch
  return { topic: TOPIC, partition, fromOffset, count: written.length, records } as unknown as Segment
}
