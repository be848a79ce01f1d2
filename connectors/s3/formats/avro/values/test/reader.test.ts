import assert from 'node:assert/strict'
import { test } from 'node:test'
import { messageOf } from '../../../../../../api/index.ts'
import { avroSchemaText, defaultAvroData } from '../../index.ts'
import { readingOf } from '../index.ts'

/** Reads one value of a schema from bytes in hex. */
function read(avro: unknown, hex: string): { readonly value: unknown; readonly fault: string | undefined } {
  const { type } = readingOf(JSON.stringify(avro), defaultAvroData)
  const { values, fault } = type.readSome(Buffer.from(hex, 'hex'), 0, 1)
  return { value: values[0], fault: fault === undefined ? undefined : messageOf(fault) }
}

const strings = { type: 'array', items: 'string' }
/** 2^62 */
const huge = '80808080808080808001'

test('items may come in several blocks, with their size in bytes or without', () => {
  assert.deepEqual(read(strings, ['02', '0261', '01', '04', '0262', '00'].join('')).value, ['a', 'b'])
  const map = read({ type: 'map', values: 'int' }, ['02', '026102', '02', '026204', '00'].join(''))
  assert.deepEqual(map.value, new Map([['a', 1], ['b', 2]])) // prettier-ignore
})

test('a count of items that is not plausible is refused before memory is used', () => {
  assert.match(String(read(strings, huge).fault), /a list has \d+ items in a block that ends before/)
  const empty = { type: 'array', items: { type: 'record', name: 'E', fields: [] } }
  assert.match(String(read(empty, huge).fault), /a list has \d+ items/)
})

test('a text or bytes beyond the end, or of negative length, are refused', () => {
  for (const type of ['string', 'bytes', { type: 'bytes', logicalType: 'decimal', precision: 5 }]) {
    for (const hex of ['', '08', huge, '01', '0361']) {
      assert.match(String(read(type, hex).fault), /beyond the end/, `${JSON.stringify(type)} ${hex}`)
    }
  }
})

test('an index of a union or an enum that does not exist is refused', () => {
  assert.match(String(read(['null', 'int'], '04').fault), /a union of 2 types has no type 2/)
  assert.match(String(read(['int', 'string', 'null'], '01').fault), /a union of 3 types has no type -1/)
  const symbols = { type: 'enum', name: 'E', symbols: ['A'] }
  assert.match(String(read(symbols, '02').fault), /an enum of 1 symbols has no symbol 1/)
})

test('an int of more than 32 bits, a time of more than a day and a date beyond the calendar are refused', () => {
  assert.match(String(read('int', huge).fault), /is not an int/)
  assert.match(String(read({ type: 'int', logicalType: 'time-millis' }, '8080808008').fault), /milliseconds/)
  const timestamp = { type: 'long', logicalType: 'timestamp-millis' }
  assert.match(String(read(timestamp, huge).fault), /outside the range of a Date/)
})

test('the entries of a map may have the value first', () => {
  const fields = ['value', 'key'].map((name) => ({ name, type: name === 'key' ? 'int' : 'string' }))
  const entry = { 'type': 'record', 'name': 'E', fields, 'connect.internal.type': 'MapEntry' }
  assert.deepEqual(read({ type: 'array', items: entry }, '0202610200').value, new Map([[1, 'a']]))
})

test('a union of one type is that type, behind its index', () => {
  assert.equal(read(['int'], '0002').value, 1)
})

test('schemaless values that are nested deeper than the stack are a fault of the file', () => {
  const { schema, type } = readingOf(avroSchemaText(null, defaultAvroData), defaultAvroData)
  assert.equal(schema, null)
  // lists of one list
  const bytes = Buffer.alloc(1_000_000, Buffer.from([0, 0, 0, 0, 0, 0, 0, 2, 2]))
  assert.ok(type.readSome(bytes, 0, 1).fault instanceof RangeError)
})
