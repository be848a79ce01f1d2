import { Kafka, logLevel, type Admin } from 'kafkajs'
import { waitFor } from '../wait-for.ts'

const REPLICATION_TIMEOUT_MS = 60_000

/** Creates a topic with one partition and the given settings. */
export async function createTopic(
  bootstrapServers: string,
  topic: string,
  configs: Readonly<Record<string, string>>,
): Promise<void> {
  const configEntries = Object.entries(configs).map(([name, value]) => ({ name, value }))
  await withAdmin(bootstrapServers, (admin) =>
    admin.createTopics({ topics: [{ topic, numPartitions: 1, replicationFactor: 1, configEntries }] }),
  )
}

/** Deletes topics. */
export async function deleteTopics(bootstrapServers: string, topics: readonly string[]): Promise<void> {
  await withAdmin(bootstrapServers, (admin) => admin.deleteTopics({ topics: [...topics] }))
}

/** Waits until all replicas of a topic and of the group offsets are in sync, so that one broker can be stopped. */
export async function untilReplicated(
  { bootstrapServers, brokers }: { readonly bootstrapServers: string; readonly brokers: readonly unknown[] },
  topic: string,
): Promise<void> {
  await withAdmin(bootstrapServers, (admin) =>
    waitFor(
      async () => {
        const { topics } = await admin.fetchTopicMetadata({ topics: [topic, '__consumer_offsets'] })
        const partitions = topics.flatMap((each) => each.partitions)
        return partitions.every(({ isr }) => isr.length === brokers.length) ? true : undefined
      },
      { timeoutMs: REPLICATION_TIMEOUT_MS, what: `all replicas of ${topic} to be in sync` },
    ),
  )
}

/** Runs a request on a cluster without authentication. */
export async function withAdmin<T>(bootstrapServers: string, ask: (admin: Admin) => Promise<T>): Promise<T> {
  const kafka = new Kafka({ brokers: bootstrapServers.split(','), logLevel: logLevel.NOTHING })
  const admin = kafka.admin()
  await admin.connect()
  try {
    return await ask(admin)
  } finally {
    await admin.disconnect()
  }
}
