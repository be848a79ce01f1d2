import {
  ConnectError,
  type EnsureTopicOptions,
  type KafkaRecord,
  type KafkaRecordInit,
  type PartitionOffset,
  type ReadTopicOptions,
  type TaskKafka,
} from '../../../../api/index.ts'
import {
  openClient,
  openFetcher,
  openProducer,
  TopicAdmin,
  type DeliveryListener,
  type Producer,
  type RawRecord,
  type Segment,
} from '../../../kafka/index.ts'
import { consumerProps, producerProps, taskAdminProps } from './client-props.ts'
import type { TaskSetup } from './task-setup.ts'

const WAIT_MS = 500
const CREATE_TIMEOUT_MS = 60_000
const CLOSE_MS = 5000
/** Means the broker's default. */
const BROKER_DEFAULT = -1

type KafkaSetup = Pick<TaskSetup, 'id' | 'connectorProps' | 'control' | 'lease' | 'log' | 'outages'>

/** The clients for a task's `context.kafka`, opened on first use. */
export class TaskKafkaClients implements TaskKafka {
  readonly #worker: Readonly<Record<string, string>>
  readonly #setup: KafkaSetup
  /** Created when it is first needed: most tasks open no clients. Aborted by {@link close}, also after a hard stop. */
  #closing: AbortController | undefined
  #producer: Promise<Producer> | undefined

  constructor(worker: Readonly<Record<string, string>>, setup: KafkaSetup) {
    this.#worker = worker
    this.#setup = setup
    setup.control.onStopNow(() => this.close())
  }

  async *readTopic(
    topic: string,
    { from, untilEnd = false, signal = this.#setup.control.ending }: ReadTopicOptions,
  ): AsyncGenerator<readonly KafkaRecord[]> {
    const { id, connectorProps, log, outages } = this.#setup
    const stop = AbortSignal.any([signal, this.#closed])
    const props = consumerProps(this.#worker, connectorProps, id)
    const readCommitted = props['isolation.level'] === 'read_committed'
    const client = await openClient(props, log, outages)
    const fetcher = openFetcher(client, props)
    try {
      const limits = { signal: stop, readCommitted }
      const starts = await startsOf(new TopicAdmin(client), topic, from, limits)
      const ends = untilEnd ? await new TopicAdmin(client).endOffsets(starts, limits) : []
      fetcher.add(starts)
      const forgetRead = () =>
        fetcher.remove(
          ends.filter((end) => (fetcher.state(topic, end.partition)?.position ?? -1) >= end.offset),
        )
      for (forgetRead(); fetcher.assignment.length > 0 && !stop.aborted; forgetRead()) {
        await fetcher.wait(WAIT_MS, stop)
        for (const segment of await fetcher.take(Infinity)) {
          const records = recordsOf(segment)
          if (records.length > 0) yield records
        }
      }
    } catch (error) {
      if (!stop.aborted) throw error
    } finally {
      fetcher.close()
      await client.close()
    }
  }

  async write(topic: string, records: readonly KafkaRecordInit[]): Promise<void> {
    if (records.length === 0) return
    const producer = await this.#openProducer()
    await producer.prepare(topic, this.#closed)
    const { listener, acknowledged } = awaiting(records.length)
    for (const [index, record] of records.entries()) {
      const room = producer.append(topic, record.partition ?? null, rawRecord(record), listener, index)
      if (!room) await producer.room(this.#closed)
    }
    producer.flush(this.#closed).catch(() => {}) // sends incomplete batches at once
    await acknowledged
  }

  async ensureTopic(options: EnsureTopicOptions): Promise<void> {
    const { topic, partitions = BROKER_DEFAULT, replicationFactor = BROKER_DEFAULT, configs = {} } = options
    const { id, connectorProps, log, outages } = this.#setup
    const limits = { signal: this.#closed, timeoutMs: CREATE_TIMEOUT_MS }
    const client = await openClient(taskAdminProps(this.#worker, connectorProps, id), log, outages)
    try {
      const admin = new TopicAdmin(client)
      const [existing] = await admin.existing([topic], limits)
      if (existing !== undefined) return
      const created = await admin.create({ topic, partitions, replicationFactor, configs }, limits)
      if (created === 'not-permitted') {
        throw new ConnectError('HR_KAFKA_REFUSED', `Not authorized to create topic ${topic}`)
      }
      if (created === 'created') log.info('topic created', { topic })
    } finally {
      await client.close()
    }
  }

  /** Aborts pending operations and closes all connections. */
  async close(): Promise<void> {
    this.#closing ??= new AbortController()
    if (this.#closing.signal.aborted) return
    this.#closing.abort(new ConnectError('HR_ILLEGAL_STATE', 'The task is closed.'))
    const producer = await this.#producer?.catch(() => undefined)
    await producer?.close(this.#setup.control.stop.hard.aborted ? 0 : CLOSE_MS)
  }

  get #closed(): AbortSignal {
    this.#closing ??= new AbortController()
    return this.#closing.signal
  }

  #openProducer(): Promise<Producer> {
    const { id, connectorProps, lease, log, outages } = this.#setup
    this.#closed.throwIfAborted()
    const props = producerProps(this.#worker, connectorProps, id, 'plugin-producer')
    this.#producer ??= openProducer(props, log, outages, { lease, afterwards: 'wait' })
    return this.#producer
  }
}

/** The implementation for previews: writes nothing. */
export function readOnly(kafka: TaskKafka): TaskKafka {
  return {
    readTopic: (topic, options) => kafka.readTopic(topic, options),
    write: refuseToWrite,
    ensureTopic: refuseToWrite,
  }
}

const refuseToWrite = (): Promise<void> =>
  Promise.reject(new ConnectError('HR_ILLEGAL_STATE', 'A preview does not write to Kafka.'))

async function startsOf(
  admin: TopicAdmin,
  topic: string,
  from: ReadTopicOptions['from'],
  limits: Parameters<TopicAdmin['endOffsets']>[1],
): Promise<PartitionOffset[]> {
  const [found] = await admin.existing([topic], limits)
  if (found === undefined) throw new ConnectError('HR_KAFKA_REFUSED', `Topic ${topic} does not exist`)
  const partitions = found.partitions.map(({ partition }) => ({ topic, partition }))
  if (from === 'earliest') return admin.startOffsets(partitions, limits)
  if (from === 'latest') return admin.endOffsets(partitions, limits)
  return [...from].map(([partition, offset]) => {
    if (partitions.some((known) => known.partition === partition)) return { topic, partition, offset }
    const message = `Topic ${topic} has no partition ${partition}: it has ${partitions.length} partitions`
    throw new ConnectError('HR_KAFKA_REFUSED', message)
  })
}

/** Copies the records: a view would keep the whole fetched batch in memory. */
function recordsOf({ topic, partition, records, count, fromOffset }: Segment): KafkaRecord[] {
  const copies: KafkaRecord[] = []
  for (let left = count; left > 0 && records.next(); left--) {
    const { bytes, offset, timestamp, headers } = records
    if (offset < fromOffset) continue
    const key = copyOf(bytes, records.keyStart, records.keyLength)
    const value = copyOf(bytes, records.valueStart, records.valueLength)
    copies.push({ topic, partition, offset, timestamp, key, value, headers: headers.map(copiedHeader) })
  }
  return copies
}

const copyOf = (bytes: Buffer, start: number, length: number): Buffer | null =>
  length < 0 ? null : Buffer.from(bytes.subarray(start, start + length))

const copiedHeader = ({ key, value }: { readonly key: string; readonly value: Buffer | null }) => ({
  key,
  value: value === null ? null : Buffer.from(value),
})

function rawRecord({ key = null, value = null, headers = [], timestamp }: KafkaRecordInit): RawRecord {
  return { key, value, headers, timestamp: timestamp ?? Date.now() }
}

/** Returns a listener, and a promise that resolves once `count` records are acknowledged. */
function awaiting(count: number): { listener: DeliveryListener; acknowledged: Promise<void> } {
  let left = count
  let listener!: DeliveryListener
  const acknowledged = new Promise<void>((resolve, reject) => {
    listener = {
      acknowledged: (_first, settled) => {
        left -= settled
        if (left === 0) resolve()
      },
      failed: (_first, _count, error) => reject(error),
    }
  })
  acknowledged.catch(() => {}) // a write that fails earlier does not await it
  return { listener, acknowledged }
}
