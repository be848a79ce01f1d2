import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseConfig } from '../../../../java/index.ts'
import { aivenSinkConfig } from '../definition.ts'
import { aivenLeftovers } from '../leftovers.ts'

const leftovers = (props: Readonly<Record<string, string>>) =>
  aivenLeftovers(parseConfig(aivenSinkConfig, { 'aws.s3.bucket.name': 'shop-events', ...props }))

test('the partition of an object is known by its name', () => {
  const found = leftovers({})
  assert.equal(found?.prefix, '')
  assert.deepEqual(found?.partitionOfKey('my-topic-1-12-42.gz'), { topic: 'my-topic-1', partition: 12 })
  assert.equal(found?.partitionOfKey('my-topic-12-42'), undefined)
})

test('templates may name the topic twice, pad the partition, and have times and keys', () => {
  const found = leftovers({
    'file.name.template':
      'a.b/{{topic}}/{{timestamp:unit=yyyy}}/{{topic}}+{{partition:padding=true}}+{{start_offset}}+{{key}}',
  })
  assert.equal(found?.prefix, 'a.b/')
  assert.deepEqual(found?.partitionOfKey('a.b/t/2024/t+0000000003+7+k/1'), { topic: 't', partition: 3 })
  assert.equal(found?.partitionOfKey('a.b/t/2024/u+0000000003+7+k'), undefined)
  assert.equal(found?.partitionOfKey('axb/t/2024/t+0000000003+7+k'), undefined)
})

test('names with aws.s3.prefix are known, names of keys only are not', () => {
  const old = leftovers({ 'aws.s3.prefix': '{{utc_date}}--' })
  assert.deepEqual(old?.partitionOfKey('2020-03-01--orders-0-00000000000000000042.gz'), {
    topic: 'orders',
    partition: 0,
  })
  assert.equal(leftovers({ 'file.name.template': '{{key}}' }), null)
})
