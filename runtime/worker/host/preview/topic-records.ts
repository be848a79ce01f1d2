import { ConnectError, type PartitionOffset, type Props } from '../../../../api/index.ts'
import { openClient, openFetcher, TopicAdmin, type KafkaClient } from '../../../kafka/index.ts'
import { consumedAt, type ConsumedRecord } from '../../../pipeline/index.ts'
import { consumerProps } from '../setup/client-props.ts'
import { topicSelection } from '../setup/sink-topics.ts'
import { sinkOffsets } from '../connector-offsets.ts'
import type { HostEnvironment } from '../environment.ts'

const POLL_MS = 500

/**
 * Reads the next records of a sink, from the offsets committed by its group, otherwise from the start of the
 * partitions.
 *
 * Commits nothing and joins no group. Returns fewer than `count` records when there are no more. Throws
 * `HR_BAD_REQUEST` when none of the topics exists.
 */
export async function nextTopicRecords(
  environment: HostEnvironment,
  name: string,
  props: Props,
  count: number,
  signal: AbortSignal,
): Promise<ConsumedRecord[]> {
  const log = environment.loggers.logger('headrace.preview', { connector: name })
  const own = consumerProps(environment.worker, props, { connector: name, task: 0 })
  const client = await openClient(own, log)
  const fetcher = openFetcher(client, own)
  try {
    const places = await startPlaces(environment, client, name, props, signal)
    const ends = await new TopicAdmin(client).endOffsets(places, { signal })
    const behind = (at: PartitionOffset) =>
      ends.some((end) => end.topic === at.topic && end.partition === at.partition && end.offset > at.offset)
    fetcher.add(places.filter(behind))
    return await take(fetcher, ends, count, signal)
  } finally {
    fetcher.close()
    await client.close()
  }
}

async function take(
  fetcher: ReturnType<typeof openFetcher>,
  ends: readonly PartitionOffset[],
  count: number,
  signal: AbortSignal,
): Promise<ConsumedRecord[]> {
  const records: ConsumedRecord[] = []
  while (records.length < count && fetcher.assignment.length > 0 && !signal.aborted) {
    await fetcher.wait(POLL_MS, signal)
    for (const { topic, partition, records: cursor, count: length, fromOffset } of await fetcher.take(
      count,
    )) {
      for (let done = 0; done < length && cursor.next(); done++) {
        if (cursor.offset >= fromOffset && records.length < count) {
          records.push(consumedAt(topic, partition, cursor))
        }
      }
      fetcher.state(topic, partition)?.readUpTo(cursor.offset + 1)
    }
    for (const end of ends) {
      if ((fetcher.state(end.topic, end.partition)?.position ?? 0) >= end.offset) fetcher.remove([end])
    }
  }
  return records
}

/** Returns the offset to read from for each partition of the sink's topics. */
async function startPlaces(
  environment: HostEnvironment,
  client: KafkaClient,
  name: string,
  props: Props,
  signal: AbortSignal,
): Promise<PartitionOffset[]> {
  const partitions = await partitionsOf(client, props)
  const starts = await new TopicAdmin(client).startOffsets(partitions, { signal })
  const committed = await sinkOffsets(environment, name, props)
  return starts.map((start) => {
    const known = committed.find(
      ({ topic, partition }) => topic === start.topic && partition === start.partition,
    )
    return { ...start, offset: Math.max(start.offset, known?.offset ?? 0) }
  })
}

async function partitionsOf(client: KafkaClient, props: Props) {
  const { topics: listed, matches } = topicSelection(props)
  const { topics } = await client.refresh(matches === undefined ? listed : null)
  const found = topics.filter(({ topic, errorCode }) => errorCode === 0 && (matches?.(topic) ?? true))
  if (found.length === 0) {
    const message =
      matches === undefined
        ? `topics: Kafka has no topic ${listed.join(', ')}`
        : `topics.regex: Kafka has no topic that matches ${props['topics.regex']}`
    throw new ConnectError('HR_BAD_REQUEST', message)
  }
  return found.flatMap(({ topic, partitions }) => partitions.map(({ partition }) => ({ topic, partition })))
}
