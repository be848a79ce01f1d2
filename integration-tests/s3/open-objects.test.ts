import assert from 'node:assert/strict'
import { after, suite, test, type TestContext } from 'node:test'
import {
  deleteTopics,
  distributedProps,
  launchWorker,
  peakMemory,
  sharedKafka,
  sharedS3,
  storageTopics,
  waitFor,
  type NumberedTopic,
} from '../services/index.ts'
import { createFaultSink } from './pipeline/fault-sink.ts'
import { writeGroups } from './pipeline/grouped-topic.ts'
import { storedNumbers } from './pipeline/stored-numbers.ts'

const TIMEOUT_MS = 300_000
const MIB = 1024 * 1024
const FIVE_HUNDRED = 500
const THOUSAND = 1000
/** With 1 kB each, 40 MB. */
const RECORDS = 40_000
const TEXT_LENGTH = 1000
const DEFAULT_BUFFER = 128 * MIB
const SMALL_BUFFER = 16 * MIB
/** The bound of the memory of a task process. The open objects hold less than the default buffer. */
const MEMORY = 300 * MIB
const FORMATS = 'io.confluent.connect.s3.format.'

const kafka = await sharedKafka()
const { endpoint } = await sharedS3()
const topicOf = (groups: number) =>
  writeGroups(kafka, { groups, each: RECORDS / groups, textLength: TEXT_LENGTH })
const [fiveHundred, thousand] = [await topicOf(FIVE_HUNDRED), await topicOf(THOUSAND)]
const props = distributedProps(kafka)
const worker = await launchWorker({ props })

after(async () => {
  await worker.stop()
  await deleteTopics(kafka, [fiveHundred.name, thousand.name, ...storageTopics(props)])
})

/** The largest values that were seen. */
interface Peaks {
  readonly openObjects: number
  readonly memoryBytes: number
  readonly fileBytes: number
  /** Resident memory of the process; 0 on systems without /proc. */
  readonly resident: number
}

/** Writes a topic to one object per group, which are all open until the last record, and checks that all are there. */
async function store(
  t: TestContext,
  topic: NumberedTopic,
  config: Readonly<Record<string, string>>,
): Promise<Peaks> {
  const sink = await createFaultSink(t, {
    worker: () => worker,
    topic,
    endpoint,
    config: {
      'partitioner.class': 'io.confluent.connect.storage.partitioner.FieldPartitioner',
      'partition.field.name': 'partition',
      'value.converter.schemas.enable': 'true',
      'task.isolation': 'dedicated', // the memory of a process that had other tasks is not that of this one
      'flush.size': String(RECORDS),
      ...config,
    },
  })
  await sink.start()
  const pid = await sink.pid()
  const peaks = { openObjects: 0, memoryBytes: 0, fileBytes: 0, resident: 0 }
  const stored = async () => {
    const now = await sink.metrics()
    peaks.openObjects = Math.max(peaks.openObjects, now['open_objects'] ?? 0)
    peaks.memoryBytes = Math.max(peaks.memoryBytes, now['staged_memory_bytes'] ?? 0)
    peaks.fileBytes = Math.max(peaks.fileBytes, now['staged_file_bytes'] ?? 0)
    return now['objects_stored'] === topic.partitions ? true : undefined
  }
  await waitFor(stored, { timeoutMs: TIMEOUT_MS, what: () => `all objects; peaks: ${JSON.stringify(peaks)}` })
  peaks.resident = peakMemory(pid)
  const { objects, records, faults } = await storedNumbers(sink.bucket, 'topics/', topic)
  assert.deepEqual(faults, [])
  assert.equal(records, RECORDS)
  assert.equal(objects, topic.partitions)
  t.diagnostic(JSON.stringify(peaks))
  return peaks
}

suite('500 open objects', () => {
  for (const [what, config] of [
    ['JSON', {}],
    ['gzip', { 's3.compression.type': 'gzip' }],
    ['Avro', { 'format.class': `${FORMATS}avro.AvroFormat` }],
    ['Parquet', { 'format.class': `${FORMATS}parquet.ParquetFormat` }],
  ] as const) {
    test(`${what}: the memory of the task stays below 300 MiB`, async (t) => {
      const peaks = await store(t, fiveHundred, config)
      assert.equal(peaks.openObjects, FIVE_HUNDRED)
      assert.ok(peaks.memoryBytes <= DEFAULT_BUFFER, `${peaks.memoryBytes} bytes`)
      assert.ok(peaks.resident < MEMORY, `${peaks.resident} bytes`)
    })
  }
})

test('1000 open objects with a small buffer: bytes go to the temporary file, with a warning, and all are stored', async (t) => {
  const peaks = await store(t, thousand, { 'headrace.s3.buffer.max.bytes': String(SMALL_BUFFER) })
  assert.equal(peaks.openObjects, THOUSAND)
  assert.ok(peaks.memoryBytes <= SMALL_BUFFER, `${peaks.memoryBytes} bytes`)
  assert.ok(peaks.fileBytes > SMALL_BUFFER, `${peaks.fileBytes} bytes`)
  assert.match(worker.log(), /need more memory than headrace\.s3\.buffer\.max\.bytes \(16777216\)/)
  assert.match(worker.log(), /many objects are open, each of which takes up memory/)
})
