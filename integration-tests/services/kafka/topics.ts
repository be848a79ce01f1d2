import { Kafka, logLevel, type Admin } from 'kafkajs'
import { waitFor } from '../wait-for.ts'

const CREATION_TIMEOUT_MS = 60_000
const REPLICATION_TIMEOUT_MS = 60_000

/** Creates a topic with one partition and the given settings. */
export async function createTopic(
  bootstrapServers: string,
  topic: string,
  configs: Readonly<Record<string, string>>,
): Promise<void> {
  const configEntries = Object.entries(configs).map(([name, value]) => ({ name, value }))
  await withAdmin(bootstrapServers, async (admin) => {
    const topics = [{ topic, numPartitions: 1, replicationFactor: 1, configEntries }]
    await admin.createTopics({ topics, waitForLeaders: false })
    // A busy broker may not know a topic yet that it has just created, which kafkajs takes for an error
    const known = async () => admin.fetchTopicMetadata({ topics: [topic] }).catch(() => undefined)
    await waitFor(known, { timeoutMs: CREATION_TIMEOUT_MS, what: `topic ${topic} to be known` })
  })
}

/** Deletes topics. */
export async function deleteTopics(bootstrapServers: string, topics: readonly string[]): Promise<void> {
  await withAdmin(bootstrapServers, (admin) => admin.deleteTopics({ topics: [...topics] }))
}

/** Waits until all replicas of topics and of the group offsets are in sync, so that one broker can be stopped. */
export async function untilReplicated(
  { bootstrapServers, brokers }: { readonly bootstrapServers: string; readonly brokers: readonly unknown[] },
  ...topics: readonly string[]
): Promise<void> {
  await withAdmin(bootstrapServers, (admin) =>
    waitFor(
      async () => {
        const found = await admin.fetchTopicMetadata({ topics: [...topics, '__consumer_offsets'] })
        const partitions = found.topics.flatMap((each) => each.partitions)
        return partitions.every(({ isr }) => isr.length === brokers.length) ? true : undefined
      },
      { timeoutMs: REPLICATION_TIMEOUT_MS, what: `all replicas of ${topics.join()} to be in sync` },
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
