import assert from 'node:assert/strict'
import { test } from 'node:test'
import { s3SourceConfig } from '../definition.ts'
import { validateS3Source } from '../validation.ts'
import { required } from './settings.ts'

const faultsOf = (props: Readonly<Record<string, string>>) =>
  validateS3Source({ ...required, ...props }).map(({ key, message }) => `${key}: ${message}`)

function refuses(props: Readonly<Record<string, string>>, expected: RegExp): void {
  const faults = faultsOf(props)
  assert.equal(faults.length, 1, faults.join('\n'))
  assert.match(faults[0] ?? '', expected)
}

test('the required settings suffice', () => {
  assert.deepEqual(faultsOf({}), [])
  assert.deepEqual(faultsOf({ mode: 'GENERIC', topic: 'all' }), [])
  assert.deepEqual(
    faultsOf({ 'topic': 'a-${topic}', 's3.sse.customer.key': Buffer.alloc(32).toString('base64') }),
    [],
  )
})

test('GENERIC needs topics, which Kafka accepts', () => {
  refuses({ mode: 'GENERIC' }, /mode=GENERIC requires topic\.regex\.list or topic/)
  refuses({ 'mode': 'GENERIC', 'topic.regex.list': 'orders' }, /orders is not of the form topic:regex/)
  refuses({ 'mode': 'GENERIC', 'topic.regex.list': 'orders:[' }, /\[ is not a regular expression/)
  refuses({ 'mode': 'GENERIC', 'topic.regex.list': 'a b:.*' }, /Kafka rejects the topic name a b/)
  refuses({ mode: 'GENERIC', topic: '${topic}' }, /there is no topic to replace/)
  refuses({ topic: 'a b' }, /Kafka rejects such a topic name/)
  refuses({ 'topic.regex.list': 'a:.*' }, /requires mode=GENERIC/)
})

test('directories that would be read twice or not at all are refused', () => {
  refuses({ folders: 'topics/a,topics/a/b' }, /it is in topics\/a\//)
  refuses({ folders: 'other' }, /a directory in topics\.dir is expected: topics\//)
})

test('settings of Confluent that cannot be honoured are refused with the reason', () => {
  refuses({ 'task.batch.size': '10' }, /task\.batch\.size.*each task finds its objects by itself/)
  refuses(
    { 'behavior.on.error': 'log' },
    /behavior\.on\.error.*writes errors to a topic, which is not supported/,
  )
})

test('the access to the storage is checked as for the sink', () => {
  refuses(
    { 's3.wan.mode': 'true', 's3.path.style.access.enabled': 'false', 'store.url': 'http://h' },
    /s3\.wan\.mode/,
  )
  refuses({ 's3.sse.customer.key': 'abc' }, /must be 32 bytes in base64/)
})

test('an unknown format is refused with what is known', () => {
  const { validate } = s3SourceConfig['format.class']
  assert.equal(validate.check('format.class', 'Avro'), undefined)
  assert.equal(
    validate.check('format.class', 'io.confluent.connect.s3.format.string.StringFormat'),
    undefined,
  )
  assert.match(
    validate.check('format.class', 'com.example.CsvFormat') ?? '',
    /Java classes cannot be loaded\. Expected auto, json/,
  )
})
