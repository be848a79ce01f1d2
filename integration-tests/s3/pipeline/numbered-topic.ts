import { CompressionTypes, Kafka, logLevel } from 'kafkajs'
import { uniqueName, withAdmin } from '../../services/index.ts'

/** A topic whose records are numbered in each partition, from 0. */
export interface NumberedTopic {
  readonly name: string
  readonly partitions: number
  /** Number of records in each partition at the end. */
  readonly each: number
  /** Resolves when all records are written. */
  readonly written: Promise<void>
}

export interface NumberedTopicOptions {
  readonly partitions: number
  /** Number of records in each partition. */
  readonly each: number
  /** Time between the timestamps of two records of a partition, in milliseconds. */
  readonly stepMs: number
  /** Whether a record a year later follows in each partition, which closes objects by record time. */
  readonly closing: boolean
}

/** Timestamp of the first record of each partition. */
export const FIRST_TIMESTAMP = Date.UTC(2025, 0, 1)

const BATCH = 500
const YEAR_MS = 365 * 86_400_000

/** Creates a topic and fills it in the background with values such as `{"partition":2,"number":41,"text":"…"}`. */
export async function writeNumbers(servers: string, options: NumberedTopicOptions): Promise<NumberedTopic> {
  const { partitions, each } = options
  const name = uniqueName('numbers')
  const topic = { topic: name, numPartitions: partitions, replicationFactor: 1 }
  await withAdmin(servers, (admin) => admin.createTopics({ topics: [topic] }))
  return { name, partitions, each, written: write(servers, name, options) }
}

async function write(
  servers: string,
  topic: string,
  { partitions, each, stepMs, closing }: NumberedTopicOptions,
): Promise<void> {
  const kafka = new Kafka({ brokers: servers.split(','), logLevel: logLevel.NOTHING })
  const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 })
  await producer.connect()
  for (let first = 0; first < each; first += BATCH) {
    const messages = Array.from({ length: partitions }, (_, partition) =>
      Array.from({ length: Math.min(BATCH, each - first) }, (__, index) => ({
        partition,
        key: String(first + index),
        value: valueOf(partition, first + index),
        timestamp: String(FIRST_TIMESTAMP + (first + index) * stepMs),
      })),
    ).flat()
    await producer.send({ topic, messages, compression: CompressionTypes.None, acks: -1 })
  }
  if (closing) {
    const timestamp = String(FIRST_TIMESTAMP + each * stepMs + YEAR_MS)
    const messages = Array.from({ length: partitions }, (_, partition) => ({
      partition,
      value: valueOf(partition, each),
      timestamp,
    }))
    await producer.send({ topic, messages, acks: -1 })
  }
  await producer.disconnect()
}

const valueOf = (partition: number, number: number): string =>
  JSON.stringify({ partition, number, text: `record ${number} of partition ${partition}` })
