import { openFetcher, type KafkaClient, type Segment } from '../../runtime/kafka/index.ts'

/** An isolation level of Kafka's consumers. */
export type Isolation = 'read_committed' | 'read_uncommitted'

/** A record of a topic. Strings represent its UTF-8 bytes. */
export interface PartitionRecord {
  readonly offset: number
  readonly key: string | null
  readonly value: string | null
  readonly timestamp: number
  readonly headers: readonly (readonly [string, string | null])[]
}

/** Reads partition 0 of a topic from its start. */
export interface PartitionReader {
  /** The offset of the next record, or of the end of a transaction that follows the last one. */
  position(): number
  /** Resolves to the records that follow, or to none if none arrive within `waitMs` or before the signal is aborted. */
  read(waitMs: number, signal: AbortSignal): Promise<PartitionRecord[]>
  close(): void
}

/** Starts to read with the given settings of a consumer. */
export function openPartitionReader(
  client: KafkaClient,
  topic: string,
  props: Readonly<Record<string, string>>,
): PartitionReader {
  const fetcher = openFetcher(client, { ...props, 'auto.offset.reset': 'earliest' })
  fetcher.add([{ topic, partition: 0, offset: 0 }])
  return {
    position: () => fetcher.state(topic, 0)?.position ?? 0,
    async read(waitMs, signal) {
      await fetcher.wait(waitMs, signal)
      return (await fetcher.take(Infinity)).flatMap(recordsOf)
    },
    close: () => fetcher.close(),
  }
}

function recordsOf({ records: cursor, count }: Segment): PartitionRecord[] {
  const records: PartitionRecord[] = []
  while (records.length < count && cursor.next()) {
    const { offset, bytes, timestamp, headers, keyStart, keyLength, valueStart, valueLength } = cursor
    records.push({
      offset,
      key: text(bytes, keyStart, keyLength),
      value: text(bytes, valueStart, valueLength),
      timestamp,
      headers: headers.map(({ key, value }) => [key, value === null ? null : value.toString()]),
    })
  }
  return records
}

const text = (bytes: Buffer, start: number, length: number): string | null =>
  length < 0 ? null : bytes.toString('utf8', start, start + length)
