import { debeziumPlugins, sharedKafka } from '../../integration-tests/services/index.ts'
import { openClient, TopicAdmin } from '../../runtime/kafka/index.ts'
import { silentLogger } from '../../runtime/telemetry/index.ts'
import { note } from '../pipeline/by-peer.ts'
import { peers, type Peer } from '../pipeline/peers.ts'
import { figure } from '../report.ts'
import { fillTable, measureSnapshot, measureStream } from './bulk.ts'
import type { Course } from './capture.ts'
import { measureLatency } from './latency.ts'
import { measureProducer } from './producer.ts'
import type { Results } from './results.ts'
import { openDatabase } from './server.ts'
import { summary, type Variant } from './summary.ts'

export interface PostgresOptions {
  /** Rows of the snapshot, and of each measurement of streams. */
  readonly rows: number
  readonly rounds: number
  /** Duration of each measurement of latencies. */
  readonly latencySeconds: number
  /** The only worker to measure; undefined for both. */
  readonly only: Peer['name'] | undefined
  /** Values of `schemas.enable` to measure. */
  readonly schemas: readonly boolean[]
  report(text: string): void
}

interface MutableVariant extends Variant {
  readonly results: Map<Peer['name'], Results[]>
  readonly bare: number[]
}

/** Measures the connector for PostgreSQL next to that of Debezium. Returns a table for each kind of converters. */
export async function benchPostgres(options: PostgresOptions): Promise<string> {
  const { rows, rounds, only, report } = options
  const measured = peers.filter(({ name }) => only === undefined || name === only)
  const servers = await sharedKafka(report)
  const client = await openClient({ 'bootstrap.servers': servers }, silentLogger)
  const { database, close } = await openDatabase(report)
  const variants: readonly MutableVariant[] = options.schemas.map((schemas) => ({
    schemas,
    results: new Map(),
    bare: [],
  }))
  try {
    const admin = new TopicAdmin(client)
    report(`writing ${rows} rows`)
    const table = await fillTable({ database, rows })
    for (let round = 1; round <= rounds; round++) {
      for (const peer of measured) {
        const worker = await peer.start(servers, await settingsOf(peer, report))
        for (const { schemas, results } of variants) {
          report(`round ${round} of ${rounds}: ${peer.name}, schemas ${schemas ? 'on' : 'off'}`)
          const course = { peer: worker, database, admin, servers, rows, schemas }
          note(results, peer.name, await measureAll(course, table, options))
        }
        await worker.stop()
      }
      for (const { bare, results } of variants) {
        const bytes = [...results.values()].flat().at(-1)?.recordBytes ?? 0
        report(`round ${round} of ${rounds}: a bare producer, records of ${bytes} bytes`)
        bare.push(await measureProducer(admin, servers, rows, bytes))
      }
    }
  } finally {
    await close()
    await client.close()
  }
  return summary(variants)
}

/** The Java worker gets Debezium as a plugin. */
async function settingsOf(
  { name }: Peer,
  report: (text: string) => void,
): Promise<Readonly<Record<string, string>>> {
  return name === 'Headrace' ? {} : { 'plugin.path': await debeziumPlugins(report) }
}

async function measureAll(
  course: Course,
  table: string,
  { latencySeconds, report }: PostgresOptions,
): Promise<Results> {
  const snapshot = await measureSnapshot(course, table)
  report(`  snapshot: ${figure(snapshot.rate)} records/s`)
  const { live, catchUp } = await measureStream(course)
  report(`  live: ${figure(live.rate)} records/s; catch-up: ${figure(catchUp.rate)} records/s`)
  const normal = await measureLatency(course, latencySeconds, {})
  const short = await measureLatency(course, latencySeconds, { 'poll.interval.ms': '10' })
  report(`  latency: ${figure(normal.latencies.median)} ms, ${figure(short.latencies.median)} ms`)
  return {
    snapshot,
    live,
    catchUp,
    latency: normal.latencies,
    latencyOfShortPolls: short.latencies,
    recordBytes: normal.recordBytes,
  }
}
