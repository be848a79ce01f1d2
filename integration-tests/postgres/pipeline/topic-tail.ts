import type { Logger } from '../../../api/index.ts'
import { openClient, openFetcher } from '../../../runtime/kafka/index.ts'
import { waitFor, withAdmin } from '../../services/index.ts'

/** A record of a topic. Keys and values are the JSON of a converter without schemas. */
export interface TailRecord {
  readonly key: string | null
  readonly value: string | null
  readonly offset: number
}

/** Reads partition 0 of a topic from its start, and what is appended later. */
export interface TopicTail {
  /** All records that {@link TopicTail.read} has found. */
  readonly records: readonly TailRecord[]
  /** Reads what the topic has now, and resolves to what is new. */
  read(): Promise<readonly TailRecord[]>
  /** Reads until a record satisfies the condition. */
  until(found: (record: TailRecord) => boolean, what: string, timeoutMs?: number): Promise<TailRecord>
  close(): Promise<void>
}

const silent: Logger = {
  error: () => {},
  warn: () => {},
  info: () => {},
  debug: () => {},
  trace: () => {},
}

const TIMEOUT_MS = 90_000
const QUIET_MS = 300
const MAX_RECORDS = 5000

/** Opens the topic, which must exist. */
export async function tailTopic(bootstrapServers: string, topic: string): Promise<TopicTail> {
  const props = { 'bootstrap.servers': bootstrapServers }
  const client = await openClient(props, silent)
  const fetcher = openFetcher(client, { ...props, 'auto.offset.reset': 'earliest' })
  fetcher.add([{ topic, partition: 0, offset: 0 }])
  const records: TailRecord[] = []
  let searched = 0

  const take = async (): Promise<void> => {
    for (const { records: cursor, count } of await fetcher.take(MAX_RECORDS)) {
      for (let done = 0; done < count && cursor.next(); done++) {
        const { bytes, keyStart, keyLength, valueStart, valueLength, offset } = cursor
        records.push({
          key: text(bytes, keyStart, keyLength),
          value: text(bytes, valueStart, valueLength),
          offset,
        })
      }
    }
  }
  const read = async () => {
    const before = records.length
    const end = await endOfTopic(bootstrapServers, topic)
    while ((records.at(-1)?.offset ?? -1) < end - 1) {
      await fetcher.wait(QUIET_MS, AbortSignal.timeout(TIMEOUT_MS))
      await take()
    }
    return records.slice(before)
  }
  return {
    records,
    read,
    async until(found, what, timeoutMs = TIMEOUT_MS) {
      const ask = async () => {
        await fetcher.wait(QUIET_MS, AbortSignal.timeout(TIMEOUT_MS))
        await take()
        const index = records.findIndex((record, at) => at >= searched && found(record))
        if (index < 0) searched = records.length
        else searched = index
        return records[index]
      }
      const description = () =>
        `${what} in ${topic}, which has ${records.length} records; the last is ${records.at(-1)?.value?.slice(0, 500)}`
      searched = 0
      return waitFor(ask, { timeoutMs, what: description })
    },
    async close() {
      fetcher.close()
      await client.close()
    },
  }
}

/** The offset of the next record of partition 0. */
export async function endOfTopic(bootstrapServers: string, topic: string): Promise<number> {
  return withAdmin(bootstrapServers, async (admin) => {
    const [partition] = await admin.fetchTopicOffsets(topic)
    return Number(partition?.high ?? 0)
  })
}

const text = (bytes: Buffer, start: number, length: number): string | null =>
  length < 0 ? null : bytes.toString('utf8', start, start + length)
