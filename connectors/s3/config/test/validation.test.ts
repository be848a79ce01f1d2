import assert from 'node:assert/strict'
import { test } from 'node:test'
import { validateS3Sink } from '../validation.ts'
import { required } from './required.ts'

const FORMAT = 'io.confluent.connect.s3.format.'
const AVRO = `${FORMAT}avro.AvroFormat`
const JSON_FORMAT = `${FORMAT}json.JsonFormat`
const ASSUME_ROLE = 'io.confluent.connect.s3.auth.AwsAssumeRoleCredentialsProvider'

const faults = (props: Readonly<Record<string, string>>) =>
  validateS3Sink({ ...required, ...props }).map(({ key, message }) => `${key}: ${message}`)

test('the required settings are enough', () => {
  assert.deepEqual(faults({}), [])
})

test('nothing is checked together while a setting is invalid by itself', () => {
  assert.deepEqual(faults({ 'flush.size': 'many', 's3.wan.mode': 'true' }), [])
  assert.deepEqual(validateS3Sink({ 's3.wan.mode': 'true' }), [])
})

const formats = [
  [AVRO, false],
  [`${FORMAT}parquet.ParquetFormat`, false],
  [JSON_FORMAT, true],
  [`${FORMAT}bytearray.ByteArrayFormat`, true],
  [`${FORMAT}string.StringFormat`, true],
] as const

for (const [format, compressible] of formats) {
  test(`gzip is ${compressible ? 'accepted' : 'refused'} with ${format}, for values, keys and headers`, () => {
    const message = (what: string) =>
      `Compression Type gzip not valid for ${what} format class: ( ${format} ).`
    const gzip = { 's3.compression.type': 'gzip' }
    assert.deepEqual(
      faults({ ...gzip, 'format.class': format }),
      compressible ? [] : ['format.class', 's3.compression.type'].map((key) => `${key}: ${message('data')}`),
    )
    assert.deepEqual(
      faults({ ...gzip, 'store.kafka.keys': 'true', 'keys.format.class': format }),
      compressible
        ? []
        : ['store.kafka.keys', 'keys.format.class', 's3.compression.type'].map(
            (key) => `${key}: ${message('keys')}`,
          ),
    )
    assert.deepEqual(faults({ ...gzip, 'keys.format.class': format }), [])
    assert.deepEqual(faults({ 'format.class': format, 'store.kafka.keys': 'true' }), [])
  })
}

test('gzip is refused with headers in Avro, the default', () => {
  assert.deepEqual(
    faults({ 's3.compression.type': 'gzip', 'store.kafka.headers': 'true' }).map(
      (text) => text.split(':')[0],
    ),
    ['store.kafka.headers', 'headers.format.class', 's3.compression.type'],
  )
})

test('tombstones are written only with keys', () => {
  const message = 'Writing Kafka record keys to storage is mandatory when tombstone writing is enabled.'
  assert.deepEqual(faults({ 'behavior.on.null.values': 'WRITE' }), [
    `store.kafka.keys: ${message}`,
    `behavior.on.null.values: ${message}`,
  ])
  assert.deepEqual(faults({ 'behavior.on.null.values': 'write', 'store.kafka.keys': 'true' }), [])
})

test('the accelerate endpoint excludes path style and an own endpoint', () => {
  const wan = { 's3.wan.mode': 'true' }
  assert.deepEqual(
    faults(wan).map((text) => text.split(':')[0]),
    ['s3.wan.mode', 's3.path.style.access.enabled'],
  )
  const virtual = { ...wan, 's3.path.style.access.enabled': 'false' }
  assert.deepEqual(faults(virtual), [])
  assert.deepEqual(faults({ ...virtual, 'store.url': 's3.example.com' }), [
    's3.wan.mode: Invalid value true for configuration s3.wan.mode: not possible with store.url',
  ])
})

test('a schedule requires a time zone', () => {
  const schedule = { 'rotate.schedule.interval.ms': '30' }
  assert.deepEqual(faults(schedule), [
    'timezone: timezone configuration must be set when using rotate.schedule.interval.ms',
  ])
  assert.deepEqual(faults({ ...schedule, timezone: 'CET' }), [])
})

test('the FieldPartitioner requires fields', () => {
  const partitioner = 'io.confluent.connect.storage.partitioner.FieldPartitioner'
  assert.deepEqual(faults({ 'partitioner.class': partitioner, 'partition.field.name': ' ' }), [
    'partition.field.name: Partition field name cannot be null or empty when using FieldPartitioner.',
  ])
})

test('partitioners by time require a locale, a time zone, and their own a duration and a path', () => {
  const partitioner = 'io.confluent.connect.storage.partitioner.'
  const daily = { 'partitioner.class': `${partitioner}DailyPartitioner` }
  const keys = (props: Readonly<Record<string, string>>) => faults(props).map((text) => text.split(':')[0])
  assert.deepEqual(keys(daily), ['locale'])
  assert.deepEqual(keys({ ...daily, locale: 'en' }), ['timezone'])
  assert.deepEqual(keys({ ...daily, locale: 'en', timezone: 'UTC' }), [])
  const time = {
    'partitioner.class': `${partitioner}TimeBasedPartitioner`,
    'locale': 'en',
    'timezone': 'UTC',
  }
  assert.deepEqual(keys(time), ['partition.duration.ms'])
  assert.deepEqual(keys({ ...time, 'partition.duration.ms': '1000', 'path.format': 'JJJ' }), ['path.format'])
})

test('half of an access key is refused instead of looking for credentials elsewhere', () => {
  assert.deepEqual(faults({ 'aws.access.key.id': 'AKIAEXAMPLE' }), [
    'aws.secret.access.key: aws.access.key.id requires aws.secret.access.key',
  ])
  assert.deepEqual(faults({ 'aws.secret.access.key': 'swordfish' }), [
    'aws.access.key.id: aws.secret.access.key requires aws.access.key.id',
  ])
})

test('assuming a role requires the role and a name; without it, these are refused', () => {
  const role = { 's3.credentials.provider.sts.role.arn': 'arn:aws:iam::012345678901:role/writer' }
  assert.deepEqual(faults({ ...role, 's3.credentials.provider.class': ASSUME_ROLE }), [
    's3.credentials.provider.sts.role.session.name: Missing required configuration "s3.credentials.provider.sts.role.session.name" which has no default value.',
  ])
  assert.equal(faults(role).length, 1)
})

test('a key for encryption is refused if it would have no effect or is no key, without naming it', () => {
  const key = Buffer.alloc(32, 7).toString('base64')
  assert.deepEqual(faults({ 's3.sse.customer.key': key, 's3.ssea.name': 'AES256' }), [])
  assert.deepEqual(faults({ 's3.sse.customer.key': key }), [
    's3.sse.customer.key: s3.sse.customer.key is only effective with s3.ssea.name=AES256',
  ])
  assert.deepEqual(faults({ 's3.sse.customer.key': 'c2hvcnQ=', 's3.ssea.name': 'AES256' }), [
    's3.sse.customer.key: s3.sse.customer.key must be 32 bytes in base64, found 5 bytes',
  ])
  assert.equal(faults({ 's3.sse.kms.key.id': 'alias/shop' }).length, 1)
  assert.deepEqual(faults({ 's3.sse.kms.key.id': 'alias/shop', 's3.ssea.name': 'aws:kms' }), [])
})

test('tags are pairs with different names, at most ten with those of the connector', () => {
  const key = 's3.object.tagging.key.value.pairs'
  assert.deepEqual(faults({ [key]: 'team:orders,url:http://example.com' }), [])
  const eight = Array.from({ length: 8 }, (_, index) => `k${index}:v`).join(',')
  for (const pairs of ['team', ':orders', 'team:a,team:b', 'startOffset:1', eight]) {
    assert.equal(faults({ [key]: pairs }).length, 1, pairs)
  }
})

test('URLs are checked, and not shown because they may contain a password', () => {
  assert.deepEqual(
    faults({ 'store.url': 's3.example.com:9000', 's3.proxy.url': 'http://u:p@proxy:3128' }),
    [],
  )
  const [message = ''] = faults({ 's3.proxy.url': 'socks5://u:swordfish@proxy' })
  assert.match(message, /a URL with http or https is expected/)
  assert.doesNotMatch(message, /swordfish/)
})

test('the name of the bucket is neither an ARN nor a URL', () => {
  assert.equal(faults({ 's3.bucket.name': 'arn:aws:s3:::shop' }).length, 1)
  assert.equal(faults({ 's3.bucket.name': 'shop/events' }).length, 1)
})
