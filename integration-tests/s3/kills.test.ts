import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { suite, test, type TestContext } from 'node:test'
import {
  createBucket,
  distributedProps,
  freezesFor,
  launchWorker,
  pairedSink,
  pairProps,
  sharedKafka,
  startWorker,
  startWorkerPair,
  uniqueName,
  waitFor,
  writeNumbers,
  type Bucket,
  type NumberedTopic,
} from '../services/index.ts'
import { storedNumbers } from './pipeline/stored-numbers.ts'

/** How often a worker is killed; half as often it is frozen. Set it to 20, and the records to 1000000, to search for rare errors. */
const KILLS = Number(process.env['S3_KILLS'] ?? 3)
const FREEZES = freezesFor(KILLS)
const RECORDS = Number(process.env['S3_RECORDS'] ?? 120_000)
const PARTITIONS = 6
const TASKS = 3
const TIMEOUT_MS = 240_000

type Config = Readonly<Record<string, string>>

const OBJECTS_OF_PARTITION = 30
const RECORDS_OF_OBJECT = Math.max(2, Math.floor(RECORDS / PARTITIONS / OBJECTS_OF_PARTITION))
const EACH = RECORDS_OF_OBJECT * OBJECTS_OF_PARTITION
const STEP_MS = 1000

const bySize: Config = { 'flush.size': String(RECORDS_OF_OBJECT) }
const byRecordTime: Config = {
  'flush.size': '1000000',
  'rotate.interval.ms': String(RECORDS_OF_OBJECT * STEP_MS),
  'partitioner.class': 'io.confluent.connect.storage.partitioner.TimeBasedPartitioner',
  'partition.duration.ms': String(3 * RECORDS_OF_OBJECT * STEP_MS),
  'path.format': "'time'=YYYY-MM-dd-HH-mm-ss",
  'timestamp.extractor': 'Record',
  'locale': 'en-US',
  'timezone': 'UTC',
}

interface Pipeline {
  readonly bucket: Bucket
  readonly topic: NumberedTopic
  readonly name: string
  readonly config: Config
  /** Settings of its workers. */
  readonly props: Config
}

async function createPipeline(t: TestContext, rotation: Config): Promise<Pipeline> {
  const kafka = await sharedKafka(() => {})
  const bucket = await createBucket()
  t.after(() => bucket.drop())
  const topic = await writeNumbers(kafka, {
    partitions: PARTITIONS,
    each: EACH,
    stepMs: STEP_MS,
    closing: rotation === byRecordTime,
  })
  t.after(() => topic.stop())
  const props = pairProps(distributedProps(kafka))
  const config = {
    ...bucket.props,
    ...rotation,
    ...pairedSink,
    'connector.class': 'io.confluent.connect.s3.S3SinkConnector',
    'storage.class': 'io.confluent.connect.s3.storage.S3Storage',
    'format.class': 'io.confluent.connect.s3.format.json.JsonFormat',
    's3.compression.type': 'gzip',
    'value.converter': 'org.apache.kafka.connect.json.JsonConverter',
    'value.converter.schemas.enable': 'false',
    'tasks.max': String(TASKS),
    'topics': topic.name,
  }
  return { bucket, topic, props, name: uniqueName('s3'), config }
}

const objectsIn = async ({ bucket }: Pipeline): Promise<number> => (await bucket.keys('topics/')).length

async function untilMore(pipeline: Pipeline, objects: number): Promise<void> {
  const before = await objectsIn(pipeline)
  const complete = async () => (await isComplete(pipeline)) || (await objectsIn(pipeline)) >= before + objects
  await waitFor(async () => ((await complete()) ? true : undefined), {
    timeoutMs: TIMEOUT_MS,
    what: `${objects} more objects than ${before}`,
  })
}

/** No more than the last few objects of each partition are missing, which are as large as four of the first. */
async function isComplete({ bucket, topic }: Pipeline): Promise<boolean> {
  const starts = (await bucket.keys('topics/')).map((key) => /\+(\d+)\+(\d+)\.json\.gz$/.exec(key))
  const last = new Map<string, number>()
  for (const [, partition = '', start = ''] of starts.filter((match) => match !== null)) {
    last.set(partition, Math.max(last.get(partition) ?? 0, Number(start)))
  }
  return (
    last.size === topic.partitions &&
    [...last.values()].every((start) => start >= EACH - 4 * RECORDS_OF_OBJECT)
  )
}

async function checkAll(t: TestContext, pipeline: Pipeline): Promise<void> {
  const { bucket, topic } = pipeline
  const expected = topic.partitions * topic.each
  await topic.written
  let last = { records: 0, objects: 0, faults: [] as readonly string[] }
  const stored = async () => {
    last = await storedNumbers(bucket, 'topics/', topic)
    return last.records >= expected ? true : undefined
  }
  await waitFor(stored, {
    timeoutMs: TIMEOUT_MS,
    what: () => `${expected} records; there are ${last.records}: ${last.faults.join('; ')}`,
  })
  t.diagnostic(JSON.stringify({ records: last.records, objects: last.objects }))
  assert.deepEqual(last.faults, [])
}

for (const [what, rotation] of [
  ['size', bySize],
  ['record time', byRecordTime],
] as const) {
  suite(`objects closed by ${what}`, () => {
    test(`hold every record once when workers are killed ${KILLS} times and frozen ${FREEZES} times`, async (t) => {
      const pipeline = await createPipeline(t, rotation)
      const { name, config, props } = pipeline
      const workers = await startWorkerPair(t, props)
      await workers.one.rest.put(name, config)
      const before = () => untilMore(pipeline, randomInt(1, 8))
      await workers.disturb({ sink: name, tasks: TASKS, kills: KILLS, before })
      await checkAll(t, pipeline)
    })
  })
}

test('a change of flush.size neither loses nor repeats a record that was stored without its offset', async (t) => {
  const pipeline = await createPipeline(t, bySize)
  const { name, config, props } = pipeline
  const never = { ...props, 'offset.flush.interval.ms': '3600000' }
  const first = await launchWorker({ props: never })
  await first.rest.put(name, config)
  await untilMore(pipeline, 20)
  await first.kill()
  const second = await startWorker(t, { props })
  const size = (records: number) => ({ ...config, 'flush.size': String(records) })
  await second.rest.put(name, size(Math.floor(RECORDS_OF_OBJECT / 3) + 1))
  await untilMore(pipeline, 20)
  await second.rest.put(name, size(RECORDS_OF_OBJECT * 2))
  await pipeline.topic.written
  await untilMore(pipeline, 20)
  const rest: Config = { 'rotate.schedule.interval.ms': '1000', 'timezone': 'UTC' }
  await second.rest.put(name, { ...size(RECORDS_OF_OBJECT * 2), ...rest }) // stores the last records
  await checkAll(t, pipeline)
})
