import assert from 'node:assert/strict'
import { test } from 'node:test'
import { STRING, struct, type SinkRecord } from '../../../../api/index.ts'
import { sinkRecord } from '../../../../testing/index.ts'
import { parseConfig } from '../../../../java/index.ts'
import { s3SinkConfig, type S3SinkConfig } from '../definition.ts'
import { partitionerOf } from '../partitioner.ts'
import { intervalWarning, rotationOf } from '../rotation.ts'
import { nullValues } from '../null-values.ts'
import { required } from './required.ts'

const parse = (props: Readonly<Record<string, string>>): S3SinkConfig =>
  parseConfig(s3SinkConfig, { ...required, ...props })

const PARTITIONER = 'io.confluent.connect.storage.partitioner.'
const hourly = { 'partitioner.class': `${PARTITIONER}HourlyPartitioner`, 'locale': 'en', 'timezone': 'UTC' }
const order = struct({ country: STRING }, { name: 'Order' })

const record = (init: Partial<SinkRecord>): SinkRecord =>
  sinkRecord({
    topic: 'orders',
    partition: 3,
    offset: 0,
    valueSchema: order,
    value: { country: 'de' },
    ...init,
  })

test('the schema and the directory of tombstones surround the directory of the partitioner', () => {
  const partitioner = partitionerOf(
    parse({
      'partitioner.class': `${PARTITIONER}FieldPartitioner`,
      'partition.field.name': 'country',
      's3.schema.partition.affix.type': 'SUFFIX',
      'directory.delim': '_',
      'behavior.on.null.values': 'write',
      'store.kafka.keys': 'true',
      'tombstone.encoded.partition': 'deleted',
    }),
  )
  assert.equal(partitioner.directoryOf(record({}), 0), 'country=de_schema_name=Order')
  assert.equal(partitioner.directoryOf(record({ value: null }), 0), 'deleted')
})

test('the time of a partitioner comes from the configured extractor', () => {
  const at = (extractor: string) =>
    partitionerOf(parse({ ...hourly, 'timestamp.extractor': extractor })).directoryOf(
      record({ timestamp: Date.UTC(2024, 1, 29, 13) }),
      Date.UTC(2025, 0, 1),
    )
  assert.equal(at('Record'), 'year=2024/month=02/day=29/hour=13')
  assert.equal(at('Wallclock'), 'year=2025/month=01/day=01/hour=00')
})

test('an interval is effective only with a partitioner by time; otherwise there is a warning', () => {
  const interval = { 'rotate.interval.ms': '60000' }
  const without = parse(interval)
  const rotation = rotationOf(without, partitionerOf(without))
  assert.equal(rotation.intervalMs, null)
  assert.match(intervalWarning(without, rotation) ?? '', /^rotate\.interval\.ms=60000 has no effect/)
  const by = parse({ ...hourly, ...interval, 's3.schema.partition.affix.type': 'PREFIX' })
  const effective = rotationOf(by, partitionerOf(by))
  assert.equal(effective.intervalMs, 60_000)
  assert.equal(intervalWarning(by, effective), undefined)
})

test('objects are completed by number, and by schedule in the time zone; -1 turns limits off', () => {
  const config = parse({ 'rotate.schedule.interval.ms': '3600000', 'timezone': 'Asia/Kolkata' })
  const { flushSize, nextScheduled, maxOpenDirectories, atCommit } = rotationOf(config, partitionerOf(config))
  assert.deepEqual(
    { flushSize, maxOpenDirectories, atCommit },
    { flushSize: 3, maxOpenDirectories: null, atCommit: false },
  )
  assert.equal(nextScheduled?.(Date.UTC(2024, 0, 1, 0, 10)), Date.UTC(2024, 0, 1, 0, 30))
  const off = parse({ 'rotate.schedule.interval.ms': '-1' })
  assert.equal(rotationOf(off, partitionerOf(off)).nextScheduled, null)
})

test('ignored null values are reported unless that is turned off', () => {
  assert.equal(nullValues(parse({})), 'fail')
  assert.equal(nullValues(parse({ 'behavior.on.null.values': 'Ignore' })), 'report')
  assert.equal(
    nullValues(parse({ 'behavior.on.null.values': 'ignore', 'report.null.values.to.dlq': 'false' })),
    'ignore',
  )
})
