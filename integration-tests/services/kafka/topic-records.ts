import { Kafka, logLevel } from 'kafkajs'
import { waitFor } from '../wait-for.ts'
import { uniqueName } from '../worker/props.ts'
import { withAdmin } from './topics.ts'

/** A record of a topic; bytes are shown as UTF-8. */
export interface TopicRecord {
  readonly partition: number
  readonly key: string | null
  readonly value: string | null
  readonly headers: Readonly<Record<string, string>>
}

const READ_TIMEOUT_MS = 120_000

/** Creates topics with `partitions` partitions each. */
export async function createTopics(
  servers: string,
  topics: readonly string[],
  partitions: number,
): Promise<void> {
  await withAdmin(servers, (admin) =>
    admin.createTopics({
      topics: topics.map((topic) => ({ topic, numPartitions: partitions, replicationFactor: 1 })),
    }),
  )
}

/** Writes records in their order. */
export async function writeTopic(
  servers: string,
  topic: string,
  records: readonly TopicRecord[],
): Promise<void> {
  const producer = kafka(servers).producer({ idempotent: true, maxInFlightRequests: 1 })
  await producer.connect()
  await producer.send({ topic, messages: records.map((record) => ({ ...record })) })
  await producer.disconnect()
}

/**
 * Reads a topic until `isComplete` accepts its records, which it gets each time there are more. Returns them in the order
 * of each partition.
 */
export async function readTopic(
  servers: string,
  topic: string,
  isComplete: (records: readonly TopicRecord[]) => boolean,
): Promise<TopicRecord[]> {
  const consumer = kafka(servers).consumer({ groupId: uniqueName('reader'), retry: { retries: 20 } })
  const records: TopicRecord[] = []
  let complete = false
  await consumer.connect()
  try {
    await consumer.subscribe({ topics: [topic], fromBeginning: true })
    await consumer.run({
      async eachBatch({ batch, resolveOffset }) {
        for (const { key, value, headers = {}, offset } of batch.messages) {
          const named = Object.entries(headers).map(([name, text]) => [name, String(text)] as const)
          records.push({
            partition: batch.partition,
            key: key?.toString() ?? null,
            value: value?.toString() ?? null,
            headers: Object.fromEntries(named),
          })
          resolveOffset(offset)
        }
        complete ||= isComplete(records)
        await Promise.resolve()
      },
    })
    await waitFor(() => (complete ? true : undefined), {
      timeoutMs: READ_TIMEOUT_MS,
      what: () => `the records of ${topic}; there are ${records.length}`,
    })
  } finally {
    await consumer.disconnect()
  }
  return records
}

const kafka = (servers: string): Kafka =>
  new Kafka({ brokers: servers.split(','), logLevel: logLevel.NOTHING })
