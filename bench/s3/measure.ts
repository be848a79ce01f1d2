import { uniqueName, type Bucket } from '../../integration-tests/services/index.ts'
import type { TopicAdmin } from '../../runtime/kafka/index.ts'
import { steadyRate, watch } from '../pipeline/far-end.ts'
import type { RunningPeer } from '../pipeline/peers.ts'
import { peakOf, resetPeak, usageOf } from '../pipeline/process-tree.ts'
import { clientOptions, runBare } from './bare-programs.ts'
import type { Variant } from './variants.ts'

type Config = Readonly<Record<string, string>>

/** What a measurement needs. */
export interface Course {
  readonly worker: RunningPeer
  readonly admin: TopicAdmin
  readonly servers: string
  readonly bucket: Bucket
  readonly records: number
  /** Records of an object. */
  readonly flushSize: number
}

/** What was measured of the connector or of the bare program. */
export interface Measured {
  /** Records per second between 10 % and 90 % of the records. */
  readonly rate: number
  /** CPU seconds per million records; NaN for the bare program. */
  readonly cpuPerMillion: number
  /** Peak of the resident memory of all processes, in bytes. */
  readonly peak: number
}

/** A connector or bare program, and where what it wrote is found. */
export interface Outcome extends Measured {
  readonly place: string
}

const converters: Config = {
  'key.converter': 'org.apache.kafka.connect.storage.StringConverter',
  'value.converter': 'org.apache.kafka.connect.json.JsonConverter',
}

/** Writes a topic to the bucket with the connector. */
export async function measureSink(course: Course, variant: Variant, topic: string): Promise<Outcome> {
  const { records, flushSize, bucket } = course
  const place = uniqueName('ours')
  const config = {
    ...bucket.props,
    ...converters,
    ...variant.sink,
    'connector.class': 'io.confluent.connect.s3.S3SinkConnector',
    'storage.class': 'io.confluent.connect.s3.storage.S3Storage',
    'value.converter.schemas.enable': String(variant.schemas),
    'topics': topic,
    'topics.dir': place,
    'flush.size': String(flushSize),
    'tasks.max': '1',
  }
  const measured = await measureConnector(course, config, () => recordsUnder(course, place))
  return { ...measured, place: `${place}/${topic}`, rate: rateOf(measured.samples, records) }
}

/** Writes a topic to the bucket with the bare program. */
export async function measureBareSink(course: Course, variant: Variant, topic: string): Promise<Outcome> {
  const { servers, bucket, records, flushSize } = course
  const place = uniqueName('bare')
  const counted = watch(records, () => recordsUnder(course, place))
  counted.catch(() => {}) // the error of the program is the one to show
  const task = { format: variant.bare, group: place, records, flushSize, servers, topic }
  const { peak } = await runBare('bare-sink', {
    ...task,
    client: clientOptions(bucket),
    bucket: bucket.name,
    prefix: place,
  })
  return { place, peak, cpuPerMillion: NaN, rate: rateOf(await counted, records) }
}

/** Publishes the objects of a place with the connector. */
export async function measureSource(course: Course, variant: Variant, place: string): Promise<Outcome> {
  const topic = await newTopic(course)
  const config = {
    ...course.bucket.props,
    ...converters,
    ...variant.source,
    'connector.class': 'headrace.s3.S3Source',
    'value.converter.schemas.enable': 'false',
    'topics.dir': place.split('/')[0] ?? '',
    topic,
    'tasks.max': '1',
  }
  const measured = await measureConnector(course, config, () => recordsIn(course, topic))
  return { ...measured, place: topic, rate: rateOf(measured.samples, course.records) }
}

/** Publishes the objects of a place with the bare program. */
export async function measureBareSource(course: Course, variant: Variant, place: string): Promise<Outcome> {
  const { servers, bucket, records } = course
  const topic = await newTopic(course)
  const counted = watch(records, () => recordsIn(course, topic))
  counted.catch(() => {}) // the error of the program is the one to show
  const { peak } = await runBare('bare-source', {
    format: variant.bare === 'bytes' ? 'json' : variant.bare,
    servers,
    topic,
    client: clientOptions(bucket),
    bucket: bucket.name,
    prefix: place,
  })
  return { place: topic, peak, cpuPerMillion: NaN, rate: rateOf(await counted, records) }
}

type Samples = Awaited<ReturnType<typeof watch>>

/** Creates a connector, waits for its last record, and deletes it. */
async function measureConnector(
  { worker, records }: Course,
  config: Config,
  count: () => Promise<number>,
): Promise<Omit<Measured, 'rate'> & { readonly samples: Samples }> {
  const name = uniqueName('s3-bench')
  await resetPeak(worker.pid)
  const before = await usageOf(worker.pid)
  await worker.rest.put(name, config)
  const samples = await watch(records, count)
  const after = await usageOf(worker.pid)
  const peak = await peakOf(worker.pid)
  await worker.rest.delete(name)
  return { samples, peak, cpuPerMillion: ((after.cpuSeconds - before.cpuSeconds) / records) * 1e6 }
}

async function recordsUnder({ bucket, flushSize, records }: Course, place: string): Promise<number> {
  const keys = await bucket.keys(`${place}/`)
  return Math.min(keys.length * flushSize, records)
}

async function recordsIn({ admin }: Course, topic: string): Promise<number> {
  const [end] = await admin.endOffsets([{ topic, partition: 0 }])
  return end?.offset ?? 0
}

async function newTopic({ admin }: Course): Promise<string> {
  const topic = uniqueName('s3-bench')
  await admin.create({ topic, partitions: 1, replicationFactor: 1, configs: {} }, {})
  return topic
}

function rateOf(samples: Samples, records: number): number {
  const rate = steadyRate(samples, records)
  return Number.isFinite(rate) ? rate : NaN
}
