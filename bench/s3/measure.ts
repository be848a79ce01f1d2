import { uniqueName, type Bucket } from '../../integration-tests/services/index.ts'
import { measureConnector, measureProgram, type Course, type Measured } from '../bare/course.ts'
import { newTopic } from '../bare/topic.ts'
import { clientOptions, type BareSinkTask, type BareSourceTask } from './bare-programs.ts'
import type { Variant } from './variants.ts'

type Config = Readonly<Record<string, string>>

/** What a measurement with S3 needs. */
export interface S3Course extends Course {
  readonly bucket: Bucket
  /** Records of an object. */
  readonly flushSize: number
}

/** A measurement of a sink, and the folder of its objects. */
interface Written extends Measured {
  readonly place: string
}

const converters: Config = {
  'key.converter': 'org.apache.kafka.connect.storage.StringConverter',
  'value.converter': 'org.apache.kafka.connect.json.JsonConverter',
}

/** Writes a topic to the bucket with the connector. */
export async function measureSink(course: S3Course, variant: Variant, topic: string): Promise<Written> {
  const place = uniqueName('ours')
  const config = {
    ...course.bucket.props,
    ...converters,
    ...variant.sink,
    'connector.class': 'io.confluent.connect.s3.S3SinkConnector',
    'storage.class': 'io.confluent.connect.s3.storage.S3Storage',
    'value.converter.schemas.enable': String(variant.schemas),
    'topics': topic,
    'topics.dir': place,
    'flush.size': String(course.flushSize),
  }
  const measured = await measureConnector(course, config, () => recordsUnder(course, place))
  return { ...measured, place: `${place}/${topic}` }
}

/** Writes a topic to the bucket with the bare program. */
export function measureBareSink(course: S3Course, variant: Variant, topic: string): Promise<Measured> {
  const { servers, bucket, records, flushSize } = course
  const place = uniqueName('bare')
  const task: BareSinkTask = {
    format: variant.bare,
    group: place,
    records,
    flushSize,
    servers,
    topic,
    client: clientOptions(bucket),
    bucket: bucket.name,
    prefix: place,
  }
  return measureProgram(course, 's3/bare-sink.js', task, () => recordsUnder(course, place))
}

/** Publishes the objects of a place with the connector. */
export async function measureSource(course: S3Course, variant: Variant, place: string): Promise<Measured> {
  const topic = await newTopic(course)
  const config = {
    ...course.bucket.props,
    ...converters,
    ...variant.source,
    'connector.class': 'headrace.s3.S3Source',
    'value.converter.schemas.enable': 'false',
    'topics.dir': place.split('/')[0] ?? '',
    topic,
  }
  return measureConnector(course, config, () => recordsIn(course, topic))
}

/** Publishes the objects of a place with the bare program. */
export async function measureBareSource(
  course: S3Course,
  variant: Variant,
  place: string,
): Promise<Measured> {
  const { servers, bucket } = course
  const topic = await newTopic(course)
  const task: BareSourceTask = {
    format: variant.bare === 'bytes' ? 'json' : variant.bare,
    servers,
    topic,
    client: clientOptions(bucket),
    bucket: bucket.name,
    prefix: place,
  }
  return measureProgram(course, 's3/bare-source.js', task, () => recordsIn(course, topic))
}

async function recordsUnder({ bucket, flushSize, records }: S3Course, place: string): Promise<number> {
  const keys = await bucket.keys(`${place}/`)
  return Math.min(keys.length * flushSize, records)
}

async function recordsIn({ admin }: Course, topic: string): Promise<number> {
  const [end] = await admin.endOffsets([{ topic, partition: 0 }])
  return end?.offset ?? 0
}
