import type { Logger } from '../../api/index.ts'
import { openClient, openFetcher, openProducer, TopicAdmin, type Segment } from '../../runtime/kafka/index.ts'
import { sharedKafka } from '../services/index.ts'

/** A record of a topic. Strings represent their UTF-8 bytes. */
export interface TopicRecord {
  readonly key: string | null
  readonly value: string | null
  readonly timestamp: number
  readonly headers: readonly (readonly [string, string | null])[]
}

const silent: Logger = {
  error: () => {},
  warn: () => {},
  info: () => {},
  debug: () => {},
  trace: () => {},
}

const READ_TIMEOUT_MS = 60_000
const QUIET_MS = 1000
const MAX_RECORDS = 1000

/** Writes records to partition 0 of a topic, which the broker creates. */
export async function writeRecords(topic: string, records: readonly TopicRecord[]): Promise<void> {
  const producer = await openProducer({ 'bootstrap.servers': await sharedKafka() }, silent)
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
  const client = await openClient(props, silent)
  const fetcher = openFetcher(client, { ...props, 'auto.offset.reset': 'earliest' })
  const deadline = AbortSignal.timeout(READ_TIMEOUT_MS)
  const records: TopicRecord[] = []
  try {
    fetcher.add([{ topic, partition: 0, offset: 0 }])
    for (let quiet = false; !quiet && !deadline.aborted;) {
      await fetcher.wait(QUIET_MS, deadline)
      const segments = await fetcher.take(MAX_RECORDS)
      quiet = segments.length === 0 && records.length >= count
      for (const { records: cursor, count: left } of segments) {
        for (let done = 0; done < left && cursor.next(); done++) records.push(recordAt(cursor))
      }
    }
  } finally {
    fetcher.close()
    await client.close()
  }
  return records
}

type Cursor = Segment['records']

function recordAt(cursor: Cursor): TopicRecord {
  const { bytes, timestamp, headers, keyStart, keyLength, valueStart, valueLength } = cursor
  return {
    key: text(bytes, keyStart, keyLength),
    value: text(bytes, valueStart, valueLength),
    timestamp,
    headers: headers.map(({ key, value }) => [key, value === null ? null : value.toString()]),
  }
}

const text = (bytes: Buffer, start: number, length: number): string | null =>
  length < 0 ? null : bytes.toString('utf8', start, start + length)

/** Returns the numbers of partitions and replicas of a topic. */
export async function topicSize(topic: string): Promise<{ partitions: number } | undefined> {
  const client = await openClient({ 'bootstrap.servers': await sharedKafka() }, silent)
  try {
    const [found] = await new TopicAdmin(client).existing([topic])
    return found === undefined ? undefined : { partitions: found.partitions.length }
  } finally {
    await client.close()
  }
}
