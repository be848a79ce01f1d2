import assert from 'node:assert/strict'
import { test } from 'node:test'
import { STRING, struct } from '../../../../api/index.ts'
import {
  dailyPartitioner,
  defaultPartitioner,
  fieldPartitioner,
  recordExtractor,
  wallclockExtractor,
  withSchemaName,
  withTombstones,
} from '../index.ts'
import { recordOf, recordWith } from './records.ts'

const named = struct({ country: STRING }, { name: 'com.example.Order' })
const record = { ...recordOf(named, { country: 'de' }), timestamp: 0 }
const daily = dailyPartitioner({ locale: 'en', timezone: 'UTC', extractor: recordExtractor, delim: '/' })

test('the name of the schema is a directory before or behind that of each partitioner', () => {
  const byField = fieldPartitioner({ fields: ['country'], delim: '/' })
  const directory = (...args: Parameters<typeof withSchemaName>): string =>
    withSchemaName(...args).directoryOf(record, 0)
  assert.equal(directory(defaultPartitioner(), 'PREFIX', '/'), 'schema_name=com.example.Order/partition=3')
  assert.equal(directory(defaultPartitioner(), 'SUFFIX', '/'), 'partition=3/schema_name=com.example.Order')
  assert.equal(directory(byField, 'PREFIX', '_'), 'schema_name=com.example.Order_country=de')
  assert.equal(directory(daily, 'SUFFIX', '/'), 'year=1970/month=01/day=01/schema_name=com.example.Order')
})

test('a record without a schema or without its name is in schema_name=null', () => {
  const partitioner = withSchemaName(defaultPartitioner(), 'PREFIX', '/')
  assert.equal(partitioner.directoryOf(recordWith({}), 0), 'schema_name=null/partition=3')
  assert.equal(partitioner.directoryOf(recordOf(STRING, 'x'), 0), 'schema_name=null/partition=3')
})

test('tombstones have a directory of their own, also around the name of the schema', () => {
  const inner = withSchemaName(fieldPartitioner({ fields: ['country'], delim: '/' }), 'PREFIX', '/')
  const partitioner = withTombstones(inner, 'gone')
  assert.equal(partitioner.directoryOf(recordWith({ value: null }), 0), 'gone')
  assert.equal(partitioner.directoryOf(record, 0), 'schema_name=com.example.Order/country=de')
})

test('the time of a tombstone is its timestamp, and wrappers keep whether there is a time', () => {
  const wallclock = dailyPartitioner({
    locale: 'en',
    timezone: 'UTC',
    extractor: wallclockExtractor,
    delim: '/',
  })
  const partitioner = withTombstones(withSchemaName(wallclock, 'SUFFIX', '/'), 'gone')
  assert.equal(partitioner.timeOf?.(recordWith({ value: null, timestamp: 7 }), 5), 7)
  assert.equal(partitioner.timeOf?.(recordWith({ value: null, timestamp: null }), 5), null)
  assert.equal(partitioner.timeOf?.(record, 5), 5)
  assert.equal(withTombstones(withSchemaName(defaultPartitioner(), 'PREFIX', '/'), 'gone').timeOf, undefined)
})
