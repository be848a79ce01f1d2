import assert from 'node:assert/strict'
import { test } from 'node:test'
import { array, INT64, map, OPTIONAL_STRING, type SinkRecord, STRING, struct } from '../../../../api/index.ts'
import { timestampedDocuments } from '../document-timestamps.ts'
import { documentEncoders } from '../encoders.ts'
import type { TimestampOptions } from '../options.ts'
import { defaults, sinkRecord } from './records.ts'

function documentWith(options: TimestampOptions, changes: Partial<SinkRecord>): string {
  return timestampedDocuments(options, documentEncoders(defaults))(sinkRecord(changes))
}

const document = (fields: readonly string[], changes: Partial<SinkRecord>): string =>
  documentWith({ from: 'fields', fields }, changes)

const stamped = struct({ '@timestamp': STRING, 'a': INT64 })
const value = { '@timestamp': '2021-05-14T11:11:22.000Z', 'a': 1 }

test('the timestamp of the record replaces one in the value', () => {
  const expected = '{"a":1,"@timestamp":1700000000000}'
  assert.equal(document([], { value, valueSchema: stamped }), expected)
  assert.equal(document([], { value }), expected)
  const entries = new Map(Object.entries({ '@timestamp': 1, 'a': 1 }))
  assert.equal(document([], { value: entries, valueSchema: map(STRING, INT64) }), expected)
  assert.equal(document([], { value: entries }), expected)
  assert.equal(entries.size, 2)
})

test('a document without other fields has only the timestamp', () => {
  assert.equal(document([], { value: {} }), '{"@timestamp":1700000000000}')
})

test('the first of the listed fields is the timestamp, as text', () => {
  const schema = struct({ two: STRING, field: STRING })
  const fields = { two: 't2', field: 'other' }
  const expected = '{"two":"t2","field":"other","@timestamp":"t2"}'
  assert.equal(document(['one', 'two', 'field'], { value: fields, valueSchema: schema }), expected)
  assert.equal(document(['one', 'two', 'field'], { value: fields }), expected)
  assert.equal(document(['a'], { value: { a: 12 } }), '{"a":12,"@timestamp":"12"}')
  assert.equal(document(['a'], { value: { a: [1] } }), '{"a":[1],"@timestamp":""}')
})

test('a listed field can be the timestamp itself', () => {
  assert.equal(document(['@timestamp'], { value: { '@timestamp': 5 } }), '{"@timestamp":"5"}')
  assert.equal(
    document(['@timestamp'], { value, valueSchema: stamped }),
    '{"a":1,"@timestamp":"2021-05-14T11:11:22.000Z"}',
  )
})

test('a null counts as missing, and nothing is added if all listed fields are missing', () => {
  const schema = struct({ one: OPTIONAL_STRING, two: STRING })
  const fields = { one: null, two: 'x' }
  assert.match(document(['one', 'two'], { value: fields, valueSchema: schema }), /"@timestamp":"x"}$/)
  assert.equal(document(['one'], { value: fields, valueSchema: schema }), '{"one":null,"two":"x"}')
  assert.equal(document(['absent'], { value: { a: 1 } }), '{"a":1}')
  assert.equal(document(['toString'], { value: { a: 1 } }), '{"a":1}')
})

test('a value that is not an object is refused', () => {
  const changes = { value: ['a', 'b'], valueSchema: array(STRING) }
  assert.throws(() => document([], changes), { code: 'HR_DATA_INVALID', message: /must be an object/ })
})

test('a record without a timestamp is refused', () => {
  assert.throws(() => document([], { timestamp: null }), { code: 'HR_DATA_INVALID', message: /no timestamp/ })
})

test('an own timestamp stays as it is, and that of the record is added if there is none', () => {
  const stampedDocument = (changes: Partial<SinkRecord>) => documentWith({ from: 'value or record' }, changes)
  assert.equal(stampedDocument({ value: { '@timestamp': 5, 'a': 1 } }), '{"@timestamp":5,"a":1}')
  assert.equal(stampedDocument({ value, valueSchema: stamped }), JSON.stringify(value))
  const added = '{"a":1,"@timestamp":1700000000000}'
  assert.equal(stampedDocument({ value: { a: 1 } }), added)
  assert.equal(stampedDocument({ value: { 'a': 1, '@timestamp': null } }), added)
  assert.equal(stampedDocument({ value: { '@timestamp': 5 }, timestamp: null }), '{"@timestamp":5}')
  assert.throws(() => stampedDocument({ value: { a: 1 }, timestamp: null }), /no timestamp/)
})

test('documents with a timestamp in another field remain as they are', () => {
  assert.equal(documentWith({ from: 'value' }, { value: { at: 5 }, timestamp: null }), '{"at":5}')
  assert.throws(() => documentWith({ from: 'value' }, { value: 'text' }), /must be an object/)
})
