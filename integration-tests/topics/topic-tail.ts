import { openClient, TopicAdmin } from '../../runtime/kafka/index.ts'
import { silentLogger } from '../../runtime/telemetry/index.ts'
import { waitFor } from '../services/index.ts'
import { openPartitionReader, type Isolation, type PartitionRecord } from './partition-reader.ts'

/** A record of a topic. Keys and values are the JSON of a converter without schemas. */
export type TailRecord = Pick<PartitionRecord, 'key' | 'value' | 'offset'>

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

const TIMEOUT_MS = 90_000
const QUIET_MS = 300

/** Opens the topic, which must exist. A reader of committed records stops before the first open transaction. */
export async function tailTopic(
  bootstrapServers: string,
  topic: string,
  isolation: Isolation = 'read_uncommitted',
): Promise<TopicTail> {
  const props = { 'bootstrap.servers': bootstrapServers, 'isolation.level': isolation }
  const client = await openClient(props, silentLogger)
  const admin = new TopicAdmin(client)
  const readCommitted = isolation === 'read_committed'
  const reader = openPartitionReader(client, topic, props)
  const records: TailRecord[] = []
  let searched = 0

  const take = async (): Promise<void> => {
    const taken = await reader.read(QUIET_MS, AbortSignal.timeout(TIMEOUT_MS))
    for (const { key, value, offset } of taken) records.push({ key, value, offset })
  }
  const read = async () => {
    const before = records.length
    const [end] = await admin.endOffsets([{ topic, partition: 0 }], { readCommitted })
    while (reader.position() < (end?.offset ?? 0)) await take()
    return records.slice(before)
  }
  return {
    records,
    read,
    async until(found, what, timeoutMs = TIMEOUT_MS) {
      const ask = async () => {
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
      reader.close()
      await client.close()
    },
  }
}

/** The offset of the next record of partition 0, whether or not a transaction is open. */
export async function endOfTopic(bootstrapServers: string, topic: string): Promise<number> {
  const client = await openClient({ 'bootstrap.servers': bootstrapServers }, silentLogger)
  try {
    const [end] = await new TopicAdmin(client).endOffsets([{ topic, partition: 0 }])
    return end?.offset ?? 0
  } finally {
    await client.close()
  }
}
