import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sinkNaming } from '../sink-naming.ts'

const parse = sinkNaming({
  topicsDir: 'topics',
  directoryDelim: '/',
  fileDelim: '+',
  tombstoneDirectory: 'tombstone',
})

test('the key of an object has the series, the offset and what the object holds', () => {
  assert.deepEqual(parse('topics/orders/year=2024/month=01/orders+3+0000000042.json.gz'), {
    kind: 'series',
    series: 'topics/orders/year=2024/month=01/orders+3+',
    topic: 'orders',
    partition: 3,
    start: 42,
    digits: '0000000042',
    role: 'value',
    extension: '.json.gz',
    tombstones: false,
  })
  const keys = parse('topics/a/tombstone/a+0+7.keys.avro')
  assert.deepEqual(
    [keys?.series, keys?.digits, keys?.role, keys?.extension, keys?.tombstones],
    ['topics/a/tombstone/a+0+', '7', 'keys', '.avro', true],
  )
  assert.equal(parse('topics/a/p/a+0+7.headers.json')?.role, 'headers')
})

test('topics may contain extensions and delimiters', () => {
  assert.equal(parse('topics/a.json/p/a.json+0+0000000001.avro')?.topic, 'a.json')
  const dashes = sinkNaming({
    topicsDir: '',
    directoryDelim: '_',
    fileDelim: '-',
    tombstoneDirectory: 'tombstone',
  })
  const name = dashes('my_topic-1_partition=0_my_topic-1-0-0000000005.bin')
  assert.deepEqual([name?.topic, name?.partition, name?.start], ['my_topic-1', 0, 5])
})

test('a topic that a transform renamed is the one that the records were read from', () => {
  assert.equal(parse('topics/renamed/partition=0/orders+0+0000000001.json')?.topic, 'orders')
})

test('other keys are not read', () => {
  for (const key of [
    'topics/orders/partition=0/orders+0.json',
    'topics/orders/partition=0/orders+x+0000000000.json',
    'topics/orders/_SUCCESS',
    'other/orders/partition=0/orders+0+0000000000.json',
    `topics/orders/partition=0/orders+0+${'9'.repeat(20)}.json`,
    'topics/',
  ]) {
    assert.equal(parse(key), undefined, key)
  }
})
