import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ConfigKey } from '../../../../api/index.ts'
import { s3SinkConfig } from '../definition.ts'
import { confluentSettings } from './confluent-settings.ts'

const settings: readonly (readonly [string, ConfigKey])[] = Object.entries(s3SinkConfig)
const setting = (name: string): ConfigKey | undefined => settings.find(([key]) => key === name)?.[1]
const fault = (name: string, value: unknown) => setting(name)?.validate?.check(name, value)

function defaultText(value: ConfigKey['default']): string {
  if (value === undefined) return '-'
  if (value === 2 ** 63) return '9223372036854775807'
  return Array.isArray(value) ? value.join(',') : String(value)
}

test('the listed settings equal those of Confluent', () => {
  const listed = settings.filter(([, { extension }]) => extension !== true)
  const found = listed.map(([name, def]) => [
    name,
    def.type.toUpperCase(),
    defaultText(def.default),
    def.importance.toUpperCase(),
    def.group,
    String(def.order),
    (def.width ?? 'none').toUpperCase(),
    def.displayName ?? name,
    ...(def.dependents ?? []),
  ])
  assert.deepEqual(found, confluentSettings)
})

test('each setting is documented in sentences', () => {
  for (const [name, { doc }] of settings) assert.match(doc, /^[A-Z].*\.$/, name)
})

test('an unknown class is refused by name, with what to use instead', () => {
  const cases = [
    [
      'format.class',
      'io.confluent.connect.hdfs.avro.AvroFormat',
      'use io.confluent.connect.s3.format.avro.AvroFormat',
    ],
    [
      'format.class',
      'io.confluent.connect.hdfs.string.StringFormat',
      'use io.confluent.connect.s3.format.string.StringFormat',
    ],
    [
      'headers.format.class',
      'io.confluent.connect.s3.format.bytearray.ByteArrayFormat',
      'headers are neither bytes nor a string',
    ],
    ['partitioner.class', 'com.example.TenantPartitioner', 'and use FieldPartitioner'],
    ['timestamp.extractor', 'com.example.EventTime', 'Use Wallclock, Record or RecordField'],
    ['storage.class', 'io.confluent.connect.gcs.storage.GcsStorage', 'only with the S3 protocol, not gcs'],
    ['s3.credentials.provider.class', 'com.example.VaultProvider', 'use software.amazon.awssdk'],
  ] as const
  for (const [key, name, instead] of cases) {
    const message = fault(key, name) ?? ''
    assert.ok(message.startsWith(`Invalid value ${name} for configuration ${key}: `), message)
    assert.ok(message.includes(instead), message)
  }
})

test('providers of the older AWS SDK are accepted, because connectors have been configured with them', () => {
  const provider = 'com.amazonaws.auth.DefaultAWSCredentialsProviderChain'
  assert.equal(fault('s3.credentials.provider.class', provider), undefined)
})

test('values outside of their ranges are refused with the messages of Confluent', () => {
  assert.equal(
    fault('s3.part.size', 5_242_879),
    'Invalid value 5242879 for configuration s3.part.size: Part size must be at least: 5242880 bytes (5MB)',
  )
  assert.equal(
    fault('s3.compression.level', 10),
    'Invalid value 10 for configuration s3.compression.level: Value must be no more than 9',
  )
  assert.equal(
    fault('s3.compression.level', -2),
    'Invalid value -2 for configuration s3.compression.level: Value must be at least -1',
  )
  assert.equal(
    fault('s3.part.retries', -1),
    'Invalid value -1 for configuration s3.part.retries: Value must be at least 0',
  )
  assert.equal(
    fault('parquet.codec', 'uncompressed'),
    'Invalid value uncompressed for configuration parquet.codec: Value must be one of: [none, gzip, snappy, lz4, brotli, lz4_raw, zstd, lzo]',
  )
  assert.equal(
    fault('behavior.on.null.values', 'Skip'),
    'Invalid value skip for configuration behavior.on.null.values: String must be one of: ignore, fail, write',
  )
  assert.equal(fault('behavior.on.null.values', 'WRITE'), undefined)
  assert.equal(
    fault('s3.schema.partition.affix.type', 'Random'),
    'Invalid value Random for configuration s3.schema.partition.affix.type: String must be one of: SUFFIX, PREFIX, NONE',
  )
})

test('compressions that nothing can write are refused with others to use', () => {
  assert.match(fault('avro.codec', 'bzip2') ?? '', /^Invalid value bzip2 for .*; use deflate or snappy$/)
  assert.match(fault('parquet.codec', 'lzo') ?? '', /^Invalid value lzo for .*; use zstd, snappy or lz4_raw$/)
  assert.equal(fault('parquet.codec', 'brotli'), undefined)
})

test('the recommended classes are those of Confluent, in its order', () => {
  const recommended = (key: string) =>
    setting(key)
      ?.recommender?.validValues({})
      .map((name) => name.slice(name.lastIndexOf('.') + 1))
  const formats = ['AvroFormat', 'JsonFormat', 'ByteArrayFormat', 'ParquetFormat']
  assert.deepEqual(recommended('format.class'), formats)
  assert.deepEqual(recommended('keys.format.class'), formats)
  assert.deepEqual(recommended('headers.format.class'), ['AvroFormat', 'JsonFormat', 'ParquetFormat'])
  assert.deepEqual(recommended('partitioner.class'), [
    'DefaultPartitioner',
    'HourlyPartitioner',
    'DailyPartitioner',
    'TimeBasedPartitioner',
    'FieldPartitioner',
  ])
})

test('a field name without a segment is refused', () => {
  const messages = [['a..b'], ['a', ' '], ['.a']].map((names) => fault('partition.field.name', names))
  assert.deepEqual(
    messages.map((message) => message?.replace(/^.*: /, '')),
    [
      'Field name cannot contain an empty or whitespace-only path segment',
      'Field name cannot be null or empty',
      'Field name cannot contain an empty or whitespace-only path segment',
    ],
  )
  assert.equal(fault('partition.field.name', ['customer.id', 'country']), undefined)
})

test('a time zone that Joda-Time does not know is refused', () => {
  assert.equal(fault('timezone', ''), undefined)
  assert.equal(fault('timezone', '+02:00'), undefined)
  assert.equal(
    fault('timezone', 'Europe/Atlantis'),
    "Invalid value Europe/Atlantis for configuration timezone: The datetime zone id 'Europe/Atlantis' is not recognised",
  )
})

test('the settings of a partitioner are visible only with it', () => {
  const names = ['partition.field.name', 'partition.duration.ms', 'path.format', 'locale', 'timezone']
  const visible = (partitioner: string | undefined) => {
    const props = partitioner === undefined ? {} : { 'partitioner.class': partitioner }
    return names.filter((name) => setting(name)?.recommender?.visible?.(props))
  }
  const known = 'io.confluent.connect.storage.partitioner.'
  assert.deepEqual(visible(undefined), [])
  assert.deepEqual(visible(`${known}DefaultPartitioner`), [])
  assert.deepEqual(visible(`${known}FieldPartitioner`), ['partition.field.name'])
  assert.deepEqual(visible(`${known}DailyPartitioner`), ['locale', 'timezone'])
  assert.deepEqual(visible(`${known}TimeBasedPartitioner`), names.slice(1))
  assert.deepEqual(visible('com.example.TenantPartitioner'), names)
})
