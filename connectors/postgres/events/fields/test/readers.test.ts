import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ValueSettings } from '../../../values/settings.ts'
import { tableOf } from '../../test/fixtures.ts'
import { readersOf } from '../readers.ts'

const settings: ValueSettings = {
  timePrecisionMode: 'adaptive',
  decimalMode: 'precise',
  binaryMode: 'bytes',
  hstoreMode: 'json',
  intervalMode: 'numeric',
  moneyFractionDigits: 2,
  placeholder: Buffer.from('unavailable'),
  includeUnknownDatatypes: false,
  convertingFailureMode: 'warn',
  now: () => 0,
  warn: () => {},
  maskOf: () => ({ kind: 'mask', length: 3 }),
  propagatesSourceType: () => true,
}

const table = tableOf('t', ['code text not null', 'unknown int'])
const [code, unknown] = table.columns

const text = { oid: 25, name: 'text', schema: 'pg_catalog', kind: 'base' } as const
const readerOf = readersOf({ get: (oid) => (oid === 25 ? text : undefined) }, settings)

test('values have masks and the type of the source, keys have neither', () => {
  const value = readerOf(code!, table, 'stream', 'value')
  const key = readerOf(code!, table, 'stream', 'key')
  const bytes = Buffer.from('secret')
  assert.equal(value?.read(bytes, 0, 6), '***')
  assert.ok(value?.schema.parameters !== null)
  assert.equal(key?.read(bytes, 0, 6), 'secret')
  assert.equal(key?.schema.parameters, null)
})

test('a column of an unknown type has no reader', () => {
  assert.equal(readerOf(unknown!, table, 'stream', 'value'), undefined)
})
