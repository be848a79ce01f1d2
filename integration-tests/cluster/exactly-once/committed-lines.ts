import type { Logger } from '../../../api/index.ts'
import { openClient, openFetcher, TopicAdmin } from '../../../runtime/kafka/index.ts'
import { waitFor } from '../../services/index.ts'

const silent: Logger = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {}, trace: () => {} }
const WAIT_MS = 200
const TIMEOUT_MS = 120_000

/** The values of a topic's first partition, in order. */
export interface TopicValues {
  readonly values: readonly string[]
  /** Waits until there are `count` values, and that many are in the topic at all: no transaction is open. */
  untilComplete(count: number): Promise<void>
  close(): Promise<void>
}

/** Reads a topic from the beginning and follows it, with an isolation level of Kafka's consumers. */
export async function followTopic(
  bootstrapServers: string,
  topic: string,
  isolation: 'read_committed' | 'read_uncommitted' = 'read_committed',
): Promise<TopicValues> {
  const props = { 'bootstrap.servers': bootstrapServers, 'isolation.level': isolation }
  const client = await openClient(props, silent)
  const admin = new TopicAdmin(client)
  const values: string[] = []
  const closed = new AbortController()
  await waitFor(async () => ((await admin.existing([topic])).length > 0 ? true : undefined), {
    timeoutMs: TIMEOUT_MS,
    what: () => `topic ${topic} to be created`,
  })
  const fetcher = openFetcher(client, { ...props, 'auto.offset.reset': 'earliest' })
  fetcher.add([{ topic, partition: 0, offset: 0 }])
  const reading = (async () => {
    while (!closed.signal.aborted) {
      await fetcher.wait(WAIT_MS, closed.signal)
      for (const { records, count } of await fetcher.take(Infinity)) {
        for (let left = count; left > 0 && records.next(); left--) {
          const { bytes, valueStart, valueLength } = records
          values.push(bytes.toString('utf8', valueStart, valueStart + valueLength))
        }
      }
    }
  })()
  const isAtEnd = async () => {
    const [end] = await admin.endOffsets([{ topic, partition: 0 }])
    return (fetcher.state(topic, 0)?.position ?? 0) >= (end?.offset ?? Infinity)
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
      fetcher.close()
      await client.close()
      await reading.catch(() => {})
    },
  }
}
