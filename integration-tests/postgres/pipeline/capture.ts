import type { TestContext } from 'node:test'
import {
  createDatabase,
  createDatabaseOn,
  createTopic,
  deleteTopics,
  distributedProps,
  sharedKafka,
  startWorker,
  storageTopics,
  uniqueName,
  waitFor,
  type Database,
  type HeadraceWorker,
} from '../../services/index.ts'
import { tailTopic, type TopicTail } from '../../topics/topic-tail.ts'
import { startWriters, type Writers } from './writers.ts'

export type Props = Readonly<Record<string, string>>

const JSON_CONVERTER = 'org.apache.kafka.connect.json.JsonConverter'
const TIMEOUT_MS = 90_000

/** A database, a connector that captures it, and the settings of the workers that run it. */
export interface Capture {
  readonly database: Database
  /** The name of the connector, and its topic prefix. */
  readonly name: string
  readonly slot: string
  readonly kafka: string
  readonly workerProps: Props
  /** The settings of the connector. */
  config(more?: Props): Props
  startWorker(more?: Props): Promise<HeadraceWorker>
  /** Starts clients that change rows of the database. They stop at the end of the test. */
  startWriters(count: number): Writers
  /** Opens the topic of a table of the schema public. With exactly-once support, only committed records are read. */
  tail(table: string): Promise<TopicTail>
  /** The offset that is stored in Kafka; undefined if there is none. */
  storedOffset(): Promise<StoredOffset | undefined>
  /** The position of the slot, null if there is none. */
  confirmedLsn(): Promise<bigint | null>
}

export interface StoredOffset {
  readonly lsn_commit?: number
  readonly lsn?: number
  readonly txId?: number
  readonly snapshot_completed?: boolean
  readonly [key: string]: unknown
}

export interface CaptureOptions {
  /** URL of the server; by default the one that all tests share. */
  readonly server?: string
  /** Statements to run before the connector exists. */
  readonly tables: string
  readonly connector?: Props
  readonly worker?: Props
}

/** Short times, so that a killed worker is replaced soon. */
const workerDefaults = {
  'key.converter': JSON_CONVERTER,
  'value.converter': JSON_CONVERTER,
  'key.converter.schemas.enable': 'false',
  'value.converter.schemas.enable': 'false',
  'session.timeout.ms': '6000',
  'heartbeat.interval.ms': '2000',
  'scheduled.rebalance.max.delay.ms': '0',
  'offset.flush.interval.ms': '200',
  'offset.storage.partitions': '1',
}

const connectorDefaults = {
  'connector.class': 'io.debezium.connector.postgresql.PostgresConnector',
  'plugin.name': 'pgoutput',
  'publication.autocreate.mode': 'filtered',
  'table.include.list': String.raw`public\..*`,
  'retriable.restart.connector.wait.ms': '1000',
  'slot.retry.delay.ms': '500',
}

/** Creates the database and its tables. Everything is removed at the end of the test. */
export async function createCapture(t: TestContext, options: CaptureOptions): Promise<Capture> {
  const kafka = await sharedKafka()
  const database =
    options.server === undefined ? await createDatabase() : await createDatabaseOn(options.server)
  const name = uniqueName('captured').replace('-', '_')
  const slot = `slot_of_${name}`
  const workerProps: Props = { ...distributedProps(kafka), ...workerDefaults, ...options.worker }
  const isolation =
    workerProps['exactly.once.source.support'] === 'enabled' ? 'read_committed' : 'read_uncommitted'
  const topics = new Set(storageTopics(workerProps))
  const tails: TopicTail[] = []
  const open = async (topic: string): Promise<TopicTail> => {
    const tail = await tailTopic(kafka, topic, isolation)
    tails.push(tail)
    return tail
  }
  await database.query(options.tables)
  const workers: HeadraceWorker[] = []
  const writers: Writers[] = []
  t.after(async () => {
    // Without the database, they would wait for the outcome of their last transactions without end
    await Promise.all(writers.map((each) => each.stop()))
    // A task that runs would create its slot again
    await Promise.all(workers.map((worker) => worker.stop()))
    await Promise.all(tails.map((tail) => tail.close()))
    await database.drop()
    await deleteTopics(kafka, [...topics]).catch(() => {})
  })
  let offsets: TopicTail | undefined
  const key = JSON.stringify([name, { server: name }])
  return {
    database,
    name,
    slot,
    kafka,
    workerProps,
    config: (more) => ({
      ...connectorDefaults,
      ...database.props,
      'topic.prefix': name,
      'slot.name': slot,
      'publication.name': `publication_of_${name}`,
      ...options.connector,
      ...more,
    }),
    async startWorker(more) {
      const worker = await startWorker(t, { props: { ...workerProps, ...more } })
      workers.push(worker)
      return worker
    },
    startWriters(count) {
      const started = startWriters(database, count)
      writers.push(started)
      return started
    },
    async tail(table) {
      const topic = `${name}.public.${table}`
      topics.add(topic)
      await createTopic(kafka, topic, {})
      return open(topic)
    },
    async storedOffset() {
      offsets ??= await open(workerProps['offset.storage.topic'] ?? '')
      await offsets.read()
      const last = offsets.records.findLast((record) => record.key === key)
      return JSON.parse(last?.value ?? 'null') ?? undefined
    },
    async confirmedLsn() {
      const sql = `SELECT confirmed_flush_lsn - '0/0' AS lsn FROM pg_replication_slots WHERE slot_name = $1`
      const [row] = await database.query<{ lsn: string | null }>(sql, [slot])
      return row?.lsn == null ? null : BigInt(row.lsn)
    },
  }
}

/** Waits until the slot is confirmed beyond a position. */
export async function untilConfirmed(capture: Capture, lsn: bigint, timeoutMs = TIMEOUT_MS): Promise<void> {
  let confirmed: bigint | null = null
  await waitFor(
    async () => {
      confirmed = await capture.confirmedLsn()
      return confirmed !== null && confirmed >= lsn ? true : undefined
    },
    { timeoutMs, what: () => `slot ${capture.slot} to be confirmed up to ${lsn}; it is at ${confirmed}` },
  )
}

/** The end of the WAL of the server. */
export async function currentLsn(database: Database): Promise<bigint> {
  const [row] = await database.query<{ lsn: string }>(`SELECT pg_current_wal_lsn() - '0/0' AS lsn`)
  return BigInt(row?.lsn ?? 0)
}
