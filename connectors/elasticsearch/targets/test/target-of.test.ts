import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SinkRecord } from '../../../../api/index.ts'
import { sinkRecord } from '../../documents/test/records.ts'
import { parseNameTemplate } from '../name-template.ts'
import type { TargetOptions } from '../options.ts'
import { targetOf } from '../target-of.ts'

const none: TargetOptions = { external: null, dataStream: null, indexName: null }
const nameOf = (indexName: string, changes: Partial<SinkRecord>): string =>
  targetOf({ ...none, indexName })(sinkRecord(changes)).name
const at = (iso: string): Partial<SinkRecord> => ({ timestamp: Date.parse(iso) })
const dataError = (message: RegExp) => ({ code: 'HR_DATA_INVALID', message })

test('each topic has an index, which is created', () => {
  const of = targetOf(none)
  const target = of(sinkRecord({ topic: 'Orders' }))
  assert.deepEqual(target, { name: 'orders', kind: 'index', create: true })
  assert.equal(of(sinkRecord({ topic: 'other' })).name, 'other')
  assert.equal(of(sinkRecord({ topic: 'Orders' })), target, 'the same object for the same topic')
})

test('each topic has a data stream if there is a name for it', () => {
  const dataStream = { nameOf: (topic: string) => `metrics-d-${topic.toLowerCase()}` }
  const target = targetOf({ ...none, dataStream })(sinkRecord({ topic: 'T' }))
  assert.deepEqual(target, { name: 'metrics-d-t', kind: 'data stream', create: true })
})

test('an external resource is never created, and each topic must have one', () => {
  const resourceOf = new Map([['orders', 'Sales']])
  const setting = 'topic.to.external.resource.mapping'
  const of = targetOf({ ...none, external: { kind: 'alias of an index', resourceOf, setting } })
  const target = of(sinkRecord({ topic: 'orders' }))
  assert.deepEqual(target, { name: 'Sales', kind: 'alias of an index', create: false })
  assert.throws(() => of(sinkRecord({ topic: 'renamed' })), {
    code: 'HR_CONNECT',
    message: /topic\.to\.external\.resource\.mapping has no resource for the topic 'renamed'/,
  })
})

test('a topic whose name cannot be an index is refused', () => {
  assert.throws(
    () => targetOf(none)(sinkRecord({ topic: '--a' })),
    dataError(/The name of the index for the topic '--a' is no valid name.*"-a": it starts with '-'/),
  )
})

test('a template takes the topic, the date and fields', () => {
  const template = '${topic}-${timestamp:yyyy.MM.dd}-${field:customer.country}'
  const record = {
    topic: 'Orders',
    ...at('2024-02-29T23:59:59.999Z'),
    value: { customer: { country: 'NL' } },
  }
  assert.equal(nameOf(template, record), 'orders-2024.02.29-nl')
  assert.equal(nameOf('plain', {}), 'plain')
  assert.equal(nameOf('_${topic}', {}), 'topic')
})

test('dates are in UTC, and change exactly with their period', () => {
  const periods: readonly (readonly [string, string, string])[] = [
    ['yyyy.MM.dd', '2024-02-29T23:59:59.999Z', '2024-03-01T00:00:00.000Z'],
    ['HH', '2024-03-01T00:59:59.999Z', '2024-03-01T01:00:00.000Z'],
    ['mm', '2024-03-01T00:00:59.999Z', '2024-03-01T00:01:00.000Z'],
    ['ss', '2024-03-01T00:00:00.999Z', '2024-03-01T00:00:01.000Z'],
    ['SSS', '2024-03-01T00:00:00.001Z', '2024-03-01T00:00:00.002Z'],
    ['a', '2024-03-01T11:59:59.999Z', '2024-03-01T12:00:00.000Z'],
  ]
  for (const [pattern, before, after] of periods) {
    const of = targetOf({ ...none, indexName: `x\${timestamp:${pattern}}` })
    const [first, second, again] = [before, after, before].map((iso) => of(sinkRecord(at(iso))).name)
    assert.notEqual(first, second, pattern)
    assert.equal(again, first, pattern)
  }
  assert.equal(nameOf('x-${timestamp:yyyy.MM}', at('2024-12-31T23:00:00Z')), 'x-2024.12')
})

test('a record without what the template needs is refused', () => {
  assert.throws(() => nameOf('${timestamp:yyyy}', { timestamp: null }), dataError(/no timestamp/))
  assert.throws(() => nameOf('${timestamp:yyyy}', { timestamp: -1 }), dataError(/no timestamp/))
  assert.throws(
    () => nameOf('${timestamp:yyyy}', { timestamp: 1_700_000_000_000_000_000 }),
    dataError(/1700000000000000000, is not in milliseconds/),
  )
  assert.throws(
    () => nameOf('${field:a}', { value: null }),
    dataError(/'a' for the name of the index is missing/),
  )
})

test('a result that is no name of an index is refused', () => {
  const refused = (value: string) => () => nameOf('${field:a}', { value: { a: value } })
  assert.throws(
    refused('a b'),
    dataError(/The result of '\${field:a}' is no valid name of an index: "a b": it contains " "/),
  )
  assert.throws(refused('..'), dataError(/only dots/))
  assert.throws(refused('x'.repeat(300)), (error: Error) => error.message.length < 250)
})

test('many names are found again, though not all are kept', () => {
  const of = targetOf({ ...none, indexName: '${field:n}' })
  for (let n = 0; n < 25_000; n++) assert.equal(of(sinkRecord({ value: { n } })).name, String(n))
})

test('an invalid template is refused with the reason', () => {
  const reasons: readonly (readonly [string, RegExp])[] = [
    [' ', /it is empty/],
    ['a b', /contains " "/],
    ['a*', /contains "\*"/],
    ['${topic', /contains "\$"/],
    ['${Topic}', /\${Topic} is none of \${topic}, \${timestamp:<pattern>} or \${field:<path>}/],
    ['${timestamp}', /\${timestamp} is none of/],
    ['${field:}', /\${field:} is none of/],
    ['${timestamp:yyyy-bb}', /'yyyy-bb' is no pattern of a date/],
  ]
  for (const [template, message] of reasons) {
    assert.throws(() => targetOf({ ...none, indexName: template }), { code: 'HR_CONFIG_INVALID', message })
  }
})

test('a template tells what it needs of a record', () => {
  assert.equal(parseNameTemplate('a-${topic}').perTopic, true)
  const { perTopic, perRecord } = parseNameTemplate('${topic}${timestamp:yyyy}${field:a}')
  assert.deepEqual([perTopic, perRecord], [false, ['${timestamp:yyyy}', '${field:a}']])
})
