import { openClient, openProducer, TopicAdmin } from '../../runtime/kafka/index.ts'
import { silentLogger } from '../../runtime/telemetry/index.ts'
import { sharedKafka } from '../services/index.ts'
import { openPartitionReader, type PartitionRecord } from './partition-reader.ts'

/** A record of a topic, without its offset. */
export type TopicRecord = Omit<PartitionRecord, 'offset'>

const READ_TIMEOUT_MS = 60_000
const QUIET_MS = 1000

/** Writes records to partition 0 of a topic, which the broker creates. */
export async function writeRecords(topic: string, records: readonly TopicRecord[]): Promise<void> {
  const producer = await openProducer({ 'bootstrap.servers': await sharedKafka() }, silentLogger)
  const signal = AbortSignal.timeout(READ_TIMEOUT_MS)
  await producer.prepare(topic, signal)
  let failure: Error | undefined
  const listener = {
    acknowledged: () => {},
    failed: (_first: number, _count: number, error: Error) => {
      failure = error
    },
  }
  for (const [index, { key, value, timestamp, headers }] of records.entries()) {
    const raw = headers.map(([name, text]) => ({ key: name, value: text }))
    producer.append(topic, 0, { key, value, timestamp, headers: raw }, listener, index)
  }
  await producer.flush(signal)
  await producer.close(READ_TIMEOUT_MS)
  if (failure !== undefined) throw failure
}

/**
 * Reads partition 0 of a topic from the start, until there are `count` records and no more arrive for a second. Uses the
 * shared Kafka by default.
 */
export async function readRecords(
  topic: string,
  count: number,
  bootstrapServers?: string,
): Promise<TopicRecord[]> {
  const props = { 'bootstrap.servers': bootstrapServers ?? (await sharedKafka()) }
  const client = await openClient(props, silentLogger)
  const reader = openPartitionReader(client, topic, props)
  const deadline = AbortSignal.timeout(READ_TIMEOUT_MS)
  const records: TopicRecord[] = []
  try {
    for (let quiet = false; !quiet && !deadline.aborted;) {
      const read = await reader.read(QUIET_MS, deadline)
      quiet = read.length === 0 && records.length >= count
      for (const { key, value, timestamp, headers } of read) records.push({ key, value, timestamp, headers })
    }
  } finally {
    reader.close()
    await client.close()
  }
  return records
}

/** Returns the numbers of partitions and replicas of a topic. */
export async function topicSize(topic: string): Promise<{ partitions: number } | undefined> {
  const client = await openClient({ 'bootstrap.servers': await sharedKafka() }, silentLogger)
  try {
    const [found] = await new TopicAdmin(client).existing([topic])
    return found === undefined ? undefined : { partitions: found.partitions.length }
  } finally {
    await client.close()
  }
}
