import { Kafka, logLevel } from 'kafkajs'
import { uniqueName } from '../worker/props.ts'
import { withAdmin } from './topics.ts'

/** A topic whose records are numbered in each partition, from 0. */
export interface NumberedTopic {
  readonly name: string
  readonly partitions: number
  /** Number of records in each partition at the end. */
  readonly each: number
  /** Resolves when all records are written; rejects after `stop`. */
  readonly written: Promise<void>
  /** Writes no more. */
  stop(): Promise<void>
}

/** Key and value of a record. */
export interface NumberedRecord {
  readonly key: string
  readonly value: string | null
}

export interface NumberedTopicOptions {
  readonly partitions: number
  /** Number of records in each partition. */
  readonly each: number
  /** Time between the timestamps of two records of a partition, in milliseconds. */
  readonly stepMs: number
  /** Whether a record a year later follows in each partition, which closes objects by record time. */
  readonly closing: boolean
  /** By default, the key is the number, and values are such as `{"partition":2,"number":41,"text":"…"}`. */
  readonly recordOf?: (partition: number, number: number) => NumberedRecord
  /** Awaited before the record with this number, and some that follow it, are written to each partition. */
  readonly before?: (number: number) => Promise<unknown>
}

/** Timestamp of the first record of each partition. */
const FIRST_TIMESTAMP = Date.UTC(2025, 0, 1)

const BATCH = 500
const YEAR_MS = 365 * 86_400_000

/** Creates a topic and fills it in the background. */
export async function writeNumbers(servers: string, options: NumberedTopicOptions): Promise<NumberedTopic> {
  const { partitions, each } = options
  const name = uniqueName('numbers')
  // The records have old timestamps: with the usual retention they would soon be deleted
  const configEntries = [{ name: 'retention.ms', value: '-1' }]
  const topic = { topic: name, numPartitions: partitions, replicationFactor: 1, configEntries }
  await withAdmin(servers, (admin) => admin.createTopics({ topics: [topic], waitForLeaders: false }))
  const stopped = new AbortController()
  const written = write(servers, name, options, stopped.signal)
  const ended = written.catch(() => {})
  const stop = (): Promise<void> => {
    stopped.abort(new Error(`the test ended before ${name} was written`))
    return ended
  }
  return { name, partitions, each, written, stop }
}

const plainRecord = (partition: number, number: number): NumberedRecord => ({
  key: String(number),
  value: JSON.stringify({ partition, number, text: `record ${number} of partition ${partition}` }),
})

async function write(
  servers: string,
  topic: string,
  { partitions, each, stepMs, closing, recordOf = plainRecord, before }: NumberedTopicOptions,
  stopped: AbortSignal,
): Promise<void> {
  const kafka = new Kafka({ brokers: servers.split(','), logLevel: logLevel.NOTHING })
  const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 })
  await producer.connect()
  const send = (first: number, count: number, timestamp: (number: number) => number) => {
    const messages = Array.from({ length: partitions * count }, (_, index) => {
      const partition = index % partitions
      const number = first + Math.floor(index / partitions)
      return { partition, ...recordOf(partition, number), timestamp: String(timestamp(number)) }
    })
    return producer.send({ topic, messages, acks: -1 })
  }
  try {
    for (let first = 0; first < each; first += BATCH) {
      await before?.(first)
      stopped.throwIfAborted()
      await send(first, Math.min(BATCH, each - first), (number) => FIRST_TIMESTAMP + number * stepMs)
    }
    if (closing) await send(each, 1, () => FIRST_TIMESTAMP + each * stepMs + YEAR_MS)
  } finally {
    await producer.disconnect()
  }
}
