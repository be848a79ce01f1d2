import { Kafka, logLevel, type Message } from 'kafkajs'
import { uniqueName } from '../../integration-tests/services/index.ts'
import type { Course } from './course.ts'
import { order, withSchema } from './orders.ts'

/** A topic with one partition, and the bytes of its records as lines of JSON without schemas. */
export interface FilledTopic {
  readonly topic: string
  readonly bytes: number
}

/** Less than a megabyte of records, the most that a broker accepts at once by default. */
const BATCH = 1000

/** Creates an empty topic with one partition. */
export async function newTopic({ admin }: Pick<Course, 'admin'>): Promise<string> {
  const topic = uniqueName('orders')
  await admin.create({ topic, partitions: 1, replicationFactor: 1, configs: {} }, {})
  return topic
}

/** Writes the records to a new topic. `keyOf` returns the key of a record; without it, records have none. */
export async function fillTopic(
  course: Pick<Course, 'admin' | 'servers' | 'records'>,
  { schemas = false, keyOf }: { readonly schemas?: boolean; readonly keyOf?: (id: number) => string },
): Promise<FilledTopic> {
  const topic = await newTopic(course)
  const kafka = new Kafka({ brokers: course.servers.split(','), logLevel: logLevel.NOTHING })
  const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 })
  let bytes = 0
  const message = (id: number): Message => {
    const json = order(id)
    bytes += Buffer.byteLength(json) + 1
    return { key: keyOf?.(id) ?? null, value: schemas ? withSchema(json) : json }
  }
  await producer.connect()
  for (let first = 0; first < course.records; first += BATCH) {
    const count = Math.min(BATCH, course.records - first)
    const messages = Array.from({ length: count }, (_, index) => message(first + index))
    await producer.send({ topic, messages, acks: -1 })
  }
  await producer.disconnect()
  return { topic, bytes }
}
