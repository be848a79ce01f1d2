import { Kafka, logLevel } from 'kafkajs'
import { uniqueName } from '../../integration-tests/services/index.ts'

/** Passes the records of a topic on as they arrive, from the end of the topic on. Resolves when it is there. */
export async function follow(
  servers: string,
  topic: string,
  take: (key: Buffer | null, value: Buffer | null) => void,
): Promise<{ close(): Promise<void> }> {
  const kafka = new Kafka({ brokers: servers.split(','), logLevel: logLevel.NOTHING })
  const admin = kafka.admin()
  await admin.connect()
  const [end] = await admin.fetchTopicOffsets(topic)
  await admin.disconnect()
  const consumer = kafka.consumer({ groupId: uniqueName('bench'), maxWaitTimeInMs: 500, minBytes: 1 })
  await consumer.connect()
  await consumer.subscribe({ topic })
  const joined = new Promise<void>((resolve) => {
    consumer.on(consumer.events.GROUP_JOIN, () => resolve())
  })
  await consumer.run({
    autoCommit: false,
    eachBatch: async ({ batch }) => {
      for (const { key, value } of batch.messages) take(key, value)
    },
  })
  await joined
  consumer.seek({ topic, partition: 0, offset: end?.high ?? '0' })
  return { close: () => consumer.disconnect() }
}
