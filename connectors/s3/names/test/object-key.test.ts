import assert from 'node:assert/strict'
import { test } from 'node:test'
import { objectKeys, parseObjectKey, type ObjectNameOptions } from '../index.ts'

const options: ObjectNameOptions = { topicsDir: 'topics', directoryDelim: '/', fileDelim: '+', padWidth: 10 }

interface Example {
  readonly topic?: string
  readonly originalTopic?: string
  readonly directory?: string
  readonly partition?: number
  readonly startOffset?: number
  readonly kind?: 'value' | 'key' | 'headers'
  readonly extension?: string
}

function keyOf(example: Example, more: Partial<ObjectNameOptions> = {}): string {
  const { topic = 'orders', directory = 'partition=0', partition = 0, startOffset = 42 } = example
  const { kind = 'value', extension = '.json', originalTopic = topic } = example
  const parts = { topic, originalTopic, directory, partition, startOffset }
  return objectKeys({ ...options, ...more })(parts, { kind, format: { extension } })
}

/** The names of Confluent's documentation and tests. */
const examples: readonly (readonly [string, Example, Partial<ObjectNameOptions>?])[] = [
  ['topics/orders/partition=0/orders+0+0000000042.json.gz', { extension: '.json.gz' }],
  ['topics/orders/partition=0/orders+0+0000000042.json', {}],
  ['topics/orders/partition=0/orders+0+0000000042.bin', { extension: '.bin' }],
  ['topics/orders/partition=0/orders+0+0000000042.avro', { extension: '.avro' }],
  ['topics/orders/partition=0/orders+0+0000000042.snappy.parquet', { extension: '.snappy.parquet' }],
  ['topics/orders/partition=0/orders+0+0000000042.keys.avro', { kind: 'key', extension: '.avro' }],
  [
    'topics/orders/partition=0/orders+0+0000000042.headers.json.gz',
    { kind: 'headers', extension: '.json.gz' },
  ],
  [
    'topics/orders/tombstone/orders+0+0000000042.keys.avro',
    { directory: 'tombstone', kind: 'key', extension: '.avro' },
  ],
  ['orders/partition=0/orders+0+0000000042.json', {}, { topicsDir: '' }],
  ['a/b/orders/partition=0/orders+0+0000000042.json', {}, { topicsDir: 'a/b' }],
  [
    'topics_orders_year=2015_month=04_orders-12-7.bin',
    { directory: 'year=2015_month=04', partition: 12, startOffset: 7, extension: '.bin' },
    { directoryDelim: '_', fileDelim: '-', padWidth: 0 },
  ],
  [
    'topics/orders/country=de/city=Köln/orders+3+9007199254740991.json',
    { directory: 'country=de/city=Köln', partition: 3, startOffset: Number.MAX_SAFE_INTEGER },
  ],
  [
    'topics/orders/schema_name=com.example.Order/partition=0/orders+0+00042.avro',
    { directory: 'schema_name=com.example.Order/partition=0', extension: '.avro' },
    { padWidth: 5 },
  ],
  ['topics/all/partition=0/orders+0+0000000042.json', { topic: 'all', originalTopic: 'orders' }],
]

test('objects have the names of Confluent', () => {
  for (const [key, example, more] of examples) assert.equal(keyOf(example, more), key)
})

test('a blank topics.dir leaves no delimiter at the start', () => {
  assert.equal(keyOf({}, { topicsDir: '  ' }), 'orders/partition=0/orders+0+0000000042.json')
})

test('the source reads from a name what the sink wrote into it', () => {
  for (const [key, example, more] of examples) {
    const { topic = 'orders', directory = 'partition=0', partition = 0, startOffset = 42 } = example
    const { kind = 'value', extension = '.json', originalTopic = topic } = example
    assert.deepEqual(
      parseObjectKey(key, { ...options, ...more }),
      { topic, originalTopic, directory, partition, startOffset, kind, extension },
      key,
    )
  }
})

test('delimiters in topics, directories and values do not confuse the names', () => {
  const awkward: readonly (readonly [Example, Partial<ObjectNameOptions>])[] = [
    [{ topic: 'a.b.1.2' }, { fileDelim: '.', padWidth: 3 }],
    [
      { topic: 'a-1', directory: 'f=a-1-2' },
      { directoryDelim: '-', fileDelim: '-' },
    ],
    [{ topic: 'x_y', directory: 'f=x_y_z' }, { directoryDelim: '_' }],
    [{ directory: 'f=orders+0+0000000001.json/orders+1' }, {}],
    [{ directory: 'f=a//b/' }, {}],
    [{ extension: '' }, {}],
    [{ extension: 'data' }, {}],
  ]
  for (const [example, more] of awkward) {
    const key = keyOf(example, more)
    const found = parseObjectKey(key, { ...options, ...more })
    assert.ok(found !== undefined, key)
    const { kind, extension, ...parts } = found
    assert.equal(keyOf({ ...parts, kind, extension }, more), key)
    assert.equal(parts.topic, example.topic ?? 'orders', key)
    assert.equal(parts.directory, example.directory ?? 'partition=0', key)
  }
})

test('other keys are not names of the sink', () => {
  const others = [
    '',
    'topics/orders',
    'topics/orders/partition=0/',
    'topics/orders/partition=0/readme.txt',
    'topics/orders/partition=0/orders+0+.json',
    'topics/orders/partition=0/orders+x+0000000001.json',
    'topics/orders/orders+0+0000000001.json',
    'other/orders/partition=0/orders+0+0000000001.json',
    '/orders/partition=0/orders+0+0000000001.json',
  ]
  for (const key of others) assert.equal(parseObjectKey(key, options), undefined, key)
})
