import { join } from 'node:path'
import {
  createBucket,
  launchWorker,
  distributedProps,
  sharedKafka,
  uniqueName,
  workFolder,
} from '../../integration-tests/services/index.ts'
import { openClient, TopicAdmin } from '../../runtime/kafka/index.ts'
import { silentLogger } from '../../runtime/telemetry/index.ts'
import { watch } from '../pipeline/far-end.ts'
import { cell, figure, markdownTable, median } from '../report.ts'
import {
  measureBareSink,
  measureBareSource,
  measureSink,
  measureSource,
  type Course,
  type Measured,
} from './measure.ts'
import { writeOrders } from './orders.ts'
import { variants, type Variant } from './variants.ts'

export interface S3Options {
  /** Number of records. */
  readonly rows: number
  readonly rounds: number
  report(text: string): void
}

/** Objects per measurement: enough for a rate, and each large enough for several parts of a second. */
const OBJECTS = 40

interface Side {
  readonly headrace: readonly Measured[]
  readonly bare: readonly Measured[]
}

interface MutableSide {
  readonly headrace: Measured[]
  readonly bare: Measured[]
}

/** A topic and the bytes of its records as JSON lines. */
interface Topic {
  readonly topic: string
  readonly bytes: number
}

/** Measures the S3 connectors next to programs that use the client libraries directly. */
export async function benchS3({ rows, rounds, report }: S3Options): Promise<string> {
  const servers = await sharedKafka(report)
  const client = await openClient({ 'bootstrap.servers': servers }, silentLogger)
  const bucket = await createBucket()
  const worker = await launchWorker({ props: distributedProps(servers) })
  const flushSize = Math.max(1, Math.ceil(rows / OBJECTS))
  const course = { worker, admin: new TopicAdmin(client), servers, bucket, records: rows, flushSize }
  const results = new Map<string, MutableSide>()
  let bytes = 0
  try {
    const topics = new Map<boolean, Topic>()
    for (const schemas of [false, true]) {
      report(`writing ${rows} records${schemas ? ' with schemas' : ''} to a topic`)
      topics.set(schemas, await fillTopic(course, schemas))
    }
    bytes = topics.get(false)?.bytes ?? 0
    for (let round = 1; round <= rounds; round++) {
      for (const variant of variants) {
        report(`round ${round} of ${rounds}: ${variant.title}`)
        await measureVariant(course, variant, topics.get(variant.schemas)?.topic ?? '', results, report)
      }
    }
  } finally {
    await worker.stop()
    await bucket.drop()
    await client.close()
  }
  return summary(results, bytes / rows)
}

/** Moves the lines of a file to a topic. */
async function fillTopic(course: Course, schemas: boolean): Promise<Topic> {
  const { admin, worker, records } = course
  const topic = uniqueName('orders')
  const file = join(workFolder('orders'), 'orders.jsonl')
  const bytes = await writeOrders(file, records, schemas)
  await admin.create({ topic, partitions: 1, replicationFactor: 1, configs: {} }, {})
  await worker.rest.put(topic, { 'connector.class': 'FileStreamSource', 'tasks.max': '1', file, topic })
  await watch(records, async () => (await admin.endOffsets([{ topic, partition: 0 }]))[0]?.offset ?? 0)
  await worker.rest.delete(topic)
  return { topic, bytes }
}

async function measureVariant(
  course: Course,
  variant: Variant,
  topic: string,
  results: Map<string, MutableSide>,
  report: (text: string) => void,
): Promise<void> {
  const note = (what: string, side: 'headrace' | 'bare', measured: Measured): void => {
    const ofWhat = results.get(what) ?? { headrace: [], bare: [] }
    results.set(what, ofWhat)
    ofWhat[side].push(measured)
    report(`  ${what}, ${side}: ${figure(measured.rate)} records/s`)
  }
  const sink = `topic → S3, ${variant.title}`
  note(sink, 'bare', await measureBareSink(course, variant, topic))
  const ours = await measureSink(course, variant, topic)
  note(sink, 'headrace', ours)
  const source = `S3 → topic, ${variant.title}`
  note(source, 'bare', await measureBareSource(course, variant, ours.place))
  note(source, 'headrace', await measureSource(course, variant, ours.place))
}

function summary(results: ReadonlyMap<string, Side>, recordBytes: number): string {
  const head = ['', 'bare program', 'Headrace', 'share']
  const lines = [...results].flatMap(([what, { headrace, bare }]) => {
    const of = (value: (measured: Measured) => number) => [bare.map(value), headrace.map(value)] as const
    const [bareRates, rates] = of(({ rate }) => rate)
    const [bareBytes, bytes] = of(({ rate }) => (rate * recordBytes) / 1e6)
    const [barePeaks, peaks] = of(({ peak }) => peak / 1e6)
    return [
      [`${what}: records/s`, cell(bareRates), cell(rates), (median(rates) / median(bareRates)).toFixed(2)],
      ['  MB/s of JSON', cell(bareBytes), cell(bytes), ''],
      ['  CPU seconds per million', '', cell(headrace.map(({ cpuPerMillion }) => cpuPerMillion)), ''],
      ['  peak resident, MB', cell(barePeaks), cell(peaks), ''],
    ]
  })
  return `S3, records of ${figure(recordBytes)} bytes\n\n${markdownTable(head, lines)}`
}
