import { uniqueName, waitFor, type Database } from '../../integration-tests/services/index.ts'
import type { TopicAdmin } from '../../runtime/kafka/index.ts'
import type { RunningPeer } from '../pipeline/peers.ts'

type Config = Readonly<Record<string, string>>

/** What a measurement needs. */
export interface Course {
  readonly peer: RunningPeer
  readonly database: Database
  readonly admin: TopicAdmin
  readonly servers: string
  /** Number of rows. */
  readonly rows: number
  /** `schemas.enable` of both converters. */
  readonly schemas: boolean
}

const STREAMING_TIMEOUT_MS = 120_000
const json = 'org.apache.kafka.connect.json.JsonConverter'

/** A connector that captures one table. */
export class Capture {
  readonly #course: Course
  readonly #table: string
  readonly #name = uniqueName('capture').replace('-', '_')
  readonly topic: string

  constructor(course: Course, table: string) {
    this.#course = course
    this.#table = table
    this.topic = `${this.#name}.public.${table}`
  }

  /** Creates its topic, so that no measurement includes that, and the connector. */
  async create(changes: Config): Promise<void> {
    const { admin, peer, database, schemas } = this.#course
    const topic = { topic: this.topic, partitions: 1, replicationFactor: 1, configs: {} }
    await admin.create(topic, {})
    await peer.rest.put(this.#name, {
      ...database.props,
      'connector.class': 'io.debezium.connector.postgresql.PostgresConnector',
      'tasks.max': '1',
      'topic.prefix': this.#name,
      'slot.name': this.#name,
      'plugin.name': 'pgoutput',
      'publication.name': this.#name,
      'publication.autocreate.mode': 'filtered',
      'table.include.list': String.raw`public\.${this.#table}`,
      'key.converter': json,
      'value.converter': json,
      'key.converter.schemas.enable': String(schemas),
      'value.converter.schemas.enable': String(schemas),
      ...changes,
    })
  }

  /** Number of records in the topic. */
  async records(): Promise<number> {
    const [end] = await this.#course.admin.endOffsets([{ topic: this.topic, partition: 0 }])
    return end?.offset ?? 0
  }

  /** Waits until it streams. */
  untilStreaming(): Promise<void> {
    const sql = `SELECT 1 FROM pg_replication_slots s JOIN pg_stat_activity a ON a.pid = s.active_pid
      WHERE s.slot_name = $1 AND a.query ILIKE 'START_REPLICATION%'`
    return this.#until(sql, (found) => found, 'to stream')
  }

  /** Stops it, and waits until its slot is free. */
  async stop(): Promise<void> {
    await this.#course.peer.rest.request('PUT', `/connectors/${this.#name}/stop`)
    await this.#untilSlotFree()
  }

  async resume(): Promise<void> {
    await this.#course.peer.rest.request('PUT', `/connectors/${this.#name}/resume`)
  }

  /** Deletes it with its slot and publication, so that the server keeps no WAL for it. */
  async delete(): Promise<void> {
    const { peer, database } = this.#course
    await peer.rest.delete(this.#name)
    await this.#untilSlotFree()
    await database.query(
      `SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = $1`,
      [this.#name],
    )
    await database.query(`DROP PUBLICATION IF EXISTS ${this.#name}`)
  }

  #untilSlotFree(): Promise<void> {
    const sql = 'SELECT 1 FROM pg_replication_slots WHERE slot_name = $1 AND active'
    return this.#until(sql, (found) => !found, 'to release its slot')
  }

  async #until(sql: string, holds: (found: boolean) => boolean, what: string): Promise<void> {
    const { database } = this.#course
    const look = async () => (holds((await database.query(sql, [this.#name])).length > 0) ? true : undefined)
    await waitFor(look, { timeoutMs: STREAMING_TIMEOUT_MS, what: `the connector ${this.#name} ${what}` })
  }
}
