import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConnectError } from '../../../../api/index.ts'
import { validateElasticsearchSink } from '../validation.ts'
import { fakeServer, versionAnswer, type Answers } from './fake-server.ts'

const USAGE = 'external.resource.usage'
const MAPPING = 'topic.to.external.resource.mapping'

type Props = Readonly<Record<string, string>>

const version = { 'GET /': versionAnswer('8.19.21') }

async function faults(props: Props, answers: Answers = {}): Promise<string[]> {
  const all = { 'connection.url': 'http://localhost:8080', 'topics': 'orders,customers', ...props }
  const found = await validateElasticsearchSink(all, () => fakeServer({ ...version, ...answers }))
  return found.map(({ key, message }) => `${key}: ${message}`)
}

const index = (mapping: string, more: Props = {}): Props => ({
  [USAGE]: 'INDEX',
  [MAPPING]: mapping,
  ...more,
})

test('the usage and the mapping of external resources go together', async () => {
  const message = `Invalid configuration: ${USAGE} and ${MAPPING} must be configured together. Either both must be set, or both must be empty.`
  const both = [`${USAGE}: ${message}`, `${MAPPING}: ${message}`]
  assert.deepEqual(await faults({ [USAGE]: 'index' }), both)
  assert.deepEqual(await faults({ [MAPPING]: 'orders:a' }), both)
})

test('external resources exclude the names of data streams', async () => {
  const streams = { 'data.stream.type': 'logs', 'data.stream.dataset': 'shop' }
  const found = await faults(index('orders:a,customers:b', streams))
  assert.deepEqual(
    found.map((text) => text.slice(0, text.indexOf(':'))),
    [MAPPING, 'data.stream.type', 'data.stream.dataset'],
  )
  assert.match(found[0] ?? '', /mutually exclusive/)
})

test('each topic has one resource, and each resource one topic', async () => {
  const cases = [
    [
      'orders:a:extra,customers:b',
      'Invalid topic-to-resource mapping format. The expected format: topic:resource',
    ],
    ['orders:', 'Invalid topic-to-resource mapping format. The expected format: topic:resource'],
    ['orders:a,orders:b', "Topic 'orders' is mapped to multiple resources."],
    ['orders:a,customers:a', "Resource 'a' is mapped from multiple topics."],
    ['orders:a', "Topic 'customers' is not mapped to any resource."],
    ['orders:a,customers:b,carts:c', "Topic 'carts' is mapped but not configured."],
  ] as const
  for (const [mapping, reason] of cases) {
    const found = await faults(index(mapping))
    assert.equal(found.length, 1, mapping)
    assert.ok(found[0]?.startsWith(`${MAPPING}: `) && found[0].includes(reason), found[0])
  }
})

test('the number of external resources is limited', async () => {
  const topics = Array.from({ length: 16 }, (_, number) => `t${number}`)
  const mapping = topics.map((topic) => `${topic}:i-${topic}`).join()
  const found = await faults(index(mapping, { topics: topics.join() }))
  assert.match(found.join(), /are configured \(16\)\. Maximum allowed limit is 15\.$/)
  const answers = Object.fromEntries(topics.map((topic) => [`HEAD /i-${topic}`, [200] as const]))
  const more = { 'topics': topics.join(), 'max.external.resource.mappings': '16' }
  assert.deepEqual(await faults(index(mapping, more), answers), [])
})

test('external resources must exist', async () => {
  const mapping = 'orders:a, customers:b'
  assert.deepEqual(await faults(index(mapping), { 'HEAD /a': [200], 'HEAD /b': [200] }), [])
  assert.deepEqual(await faults(index(mapping), { 'HEAD /a': [200] }), [
    `${MAPPING}: index 'b' does not exist in Elasticsearch`,
  ])
  const alias = { [USAGE]: 'alias_index', [MAPPING]: mapping }
  assert.deepEqual(await faults(alias, { 'HEAD /_alias/a': [200], 'HEAD /_alias/b': [200] }), [])
  assert.deepEqual(await faults(index(mapping), { 'HEAD /a': [403] }), [
    `${MAPPING}: Failed to check if index 'a' exists: Error message: the server answered with 403`,
  ])
  const away = { 'HEAD /a': new ConnectError('HR_RETRIABLE', 'connection refused') }
  assert.deepEqual(await faults(index(mapping), away), [
    `${MAPPING}: Failed to check if index 'a' exists: connection refused`,
  ])
})

test('a data stream has a type and a dataset', async () => {
  const message = "Either both or neither 'data.stream.dataset' and 'data.stream.type' must be set."
  const both = [`data.stream.type: ${message}`, `data.stream.dataset: ${message}`]
  assert.deepEqual(await faults({ 'data.stream.dataset': 'shop' }), both)
  assert.deepEqual(await faults({ 'data.stream.type': 'logs' }), both)
})

const existing = { 'HEAD /a': [200], 'HEAD /b': [200] } as const
const streams: Readonly<Record<string, Props>> = {
  'created by the connector': { 'data.stream.type': 'logs', 'data.stream.dataset': 'shop' },
  'that exist': { [USAGE]: 'DATASTREAM', [MAPPING]: 'orders:a,customers:b' },
  'behind aliases': { [USAGE]: 'ALIAS_DATASTREAM', [MAPPING]: 'orders:a,customers:b' },
}

for (const [which, props] of Object.entries(streams)) {
  test(`data streams ${which} accept neither updates nor deletes`, async () => {
    assert.deepEqual(await faults({ ...props, 'write.method': 'upsert' }), [
      'write.method: Upserts are not supported with data streams. write.method must not be UPSERT when using data streams.',
    ])
    assert.deepEqual(await faults({ ...props, 'behavior.on.null.values': 'delete' }), [
      'behavior.on.null.values: Deletes are not supported with data streams. behavior.on.null.values must not be DELETE when using data streams.',
    ])
  })
}

test('a field for the timestamp is only for data streams', async () => {
  const field = { 'data.stream.timestamp.field': 'one, two, fields' }
  assert.match(
    (await faults(field)).join(),
    /^data\.stream\.timestamp\.field: Mapping a field to the '@timestamp'/,
  )
  assert.match(
    (await faults(index('orders:a,customers:b', field))).join(),
    /only necessary when working with data/,
  )
  assert.deepEqual(await faults({ ...streams['created by the connector'], ...field }), [])
  assert.deepEqual(await faults({ ...streams['that exist'], ...field }, existing), [])
})
