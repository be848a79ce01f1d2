import { openClient, TopicAdmin } from '../../runtime/kafka/index.ts'
import { silentLogger } from '../../runtime/telemetry/index.ts'
import { waitFor } from '../services/index.ts'
import { openPartitionReader, type Isolation } from './partition-reader.ts'

const WAIT_MS = 200
const TIMEOUT_MS = 120_000

/** The values of a topic's first partition, in order. */
export interface TopicValues {
  readonly values: readonly string[]
  /** Waits until there are `count` values, and that many are in the topic at all: no transaction is open. */
  untilComplete(count: number): Promise<void>
  close(): Promise<void>
}

/** Reads a topic from the beginning and follows it. */
export async function followTopic(
  bootstrapServers: string,
  topic: string,
  isolation: Isolation = 'read_committed',
): Promise<TopicValues> {
  const props = { 'bootstrap.servers': bootstrapServers, 'isolation.level': isolation }
  const client = await openClient(props, silentLogger)
  const admin = new TopicAdmin(client)
  const values: string[] = []
  const closed = new AbortController()
  await waitFor(async () => ((await admin.existing([topic])).length > 0 ? true : undefined), {
    timeoutMs: TIMEOUT_MS,
    what: () => `topic ${topic} to be created`,
  })
  const reader = openPartitionReader(client, topic, props)
  const reading = (async () => {
    while (!closed.signal.aborted) {
      for (const { value } of await reader.read(WAIT_MS, closed.signal)) values.push(value ?? '')
    }
  })()
  const isAtEnd = async () => {
    const [end] = await admin.endOffsets([{ topic, partition: 0 }])
    return reader.position() >= (end?.offset ?? Infinity)
  }
  return {
    values,
    untilComplete: async (count) => {
      await waitFor(async () => (values.length >= count && (await isAtEnd()) ? true : undefined), {
        timeoutMs: TIMEOUT_MS,
        what: () => `${count} values in ${topic}; there are ${values.length}`,
      })
    },
    close: async () => {
      closed.abort()
      reader.close()
      await client.close()
      await reading.catch(() => {})
    },
  }
}
