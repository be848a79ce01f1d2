import assert from 'node:assert/strict'
import { test } from 'node:test'
import { array, Decimal, STRING } from '../../../../api/index.ts'
import { numeric, readerOf, readText, type ColumnOptions } from './columns.ts'

const hex = (text: string): Buffer => Buffer.from(text, 'hex')
const asHex: ColumnOptions = { settings: { binaryMode: 'hex' } }
const asBase64: ColumnOptions = { settings: { binaryMode: 'base64' } }
const asString: ColumnOptions = { settings: { decimalMode: 'string' } }
const unknown: ColumnOptions = { settings: { includeUnknownDatatypes: true } }

test('a required column has its default or the zero of its type for cells that were not sent', () => {
  const required = { optional: false }
  const zeros: readonly (readonly [string, ColumnOptions, unknown])[] = [
    ['int4', {}, 0],
    ['bool', {}, false],
    ['text', {}, ''],
    ['json', {}, ''],
    ['uuid', {}, ''],
    ['mood', {}, ''],
    ['numeric', {}, { scale: 0, value: hex('00') }],
    ['numeric', { typmod: numeric(5, 2) }, new Decimal(0n, 2)],
    ['numeric', { ...asString, typmod: numeric(5, 2) }, '0.00'],
    ['money', {}, new Decimal(0n, 2)],
    ['bytea', {}, hex('')],
    ['bytea', asHex, ''],
    ['hstore', {}, '{}'],
    ['_int4', {}, []],
    ['geography', {}, { wkb: hex('010700000000000000'), srid: null }],
  ]
  for (const [type, options, zero] of zeros) {
    const reader = readerOf(type, { ...options, ...required })
    assert.equal(reader.schema.optional, false)
    assert.deepEqual(reader.fallback, zero, type)
  }
  assert.equal(readerOf('int4', { ...required, defaultExpression: '5' }).fallback, 5)
})

test('a geometry is optional even in a NOT NULL column', () => {
  assert.equal(readerOf('geometry', { optional: false }).schema.optional, true)
  assert.equal(readerOf('geography', { optional: false }).schema.optional, false)
})

test('unchanged TOASTed cells have a placeholder that fits the schema, or null', () => {
  const placeholders: readonly (readonly [string, ColumnOptions, unknown])[] = [
    ['text', {}, 'test'],
    ['xml', {}, 'test'],
    ['mood', {}, 'test'],
    ['bytea', {}, Buffer.from('test')],
    ['bytea', asHex, 'test'],
    ['bytea', asBase64, 'test'],
    ['hstore', {}, '{"test":"test"}'],
    ['hstore', { settings: { hstoreMode: 'map' } }, new Map([['test', 'test']])],
    ['numeric', {}, null],
    ['numeric', asString, 'test'],
    ['_text', {}, ['test']],
    ['_varchar', { typmod: 9 }, ['test']],
    ['_jsonb', {}, ['test']],
    ['_int4', {}, [116, 101, 115, 116]],
    ['_int8', {}, [116, 101, 115, 116]],
    ['_int2', {}, null],
    ['_uuid', {}, ['098f6bcd-4621-3373-8ade-4e832627b4f6']],
    ['_bytea', {}, [Buffer.from('test')]],
    ['_bytea', asHex, null],
    ['_numeric', {}, null],
    ['tsquery', unknown, Buffer.from('test')],
  ]
  for (const [type, options, value] of placeholders)
    assert.deepEqual(readerOf(type, options).unavailable, value, type)
})

test('bytes above 127 of the placeholder are negative in arrays of integers', () => {
  const reader = readerOf('_int4', { settings: { placeholder: hex('ff01') } })
  assert.deepEqual(reader.unavailable, [-1, 1])
})

test('comments do not appear in schemas', () => {
  assert.equal(readerOf('text', { comment: 'the name' }).schema.doc, null)
  assert.equal(readerOf('numeric', { comment: 'the amount' }).schema.doc, 'Variable scaled decimal')
})

test('columns with equal types have the same schema', () => {
  assert.equal(readerOf('_text', { optional: false }).schema, array(readerOf('text').schema))
  assert.equal(readerOf('text', { optional: false }).schema, STRING)
})

test('in mode warn, a failing value is null, with one warning a minute that counts them', () => {
  let now = 0
  const warnings: string[] = []
  const settings = {
    convertingFailureMode: 'warn',
    now: () => now,
    warn: (text: string) => void warnings.push(text),
  } as const
  const reader = readerOf('numeric', { settings })
  for (now of [0, 1, 59_999, 60_000]) assert.equal(readText(reader, 'NaN'), null)
  assert.deepEqual(readText(reader, '1'), { scale: 0, value: hex('01') })
  assert.equal(warnings.length, 2)
  assert.match(
    warnings[0]!,
    /^Cannot convert a value of column public\.t\.c of type numeric: .*NaN.* 1 values of this/,
  )
  assert.match(warnings[1]!, / 4 values of this column so far\.$/)
})

test('in mode skip, a failing value is null without a warning', () => {
  const settings = { convertingFailureMode: 'skip', warn: () => assert.fail() } as const
  assert.equal(readText(readerOf('numeric', { settings }), 'NaN'), null)
})

test('in mode fail, a failing value is an error that names the column', () => {
  assert.throws(
    () => readText(readerOf('_mood'), '{sad,NULL}'),
    /column public\.t\.c of type _mood: The array contains NULL/,
  )
})

test('arrays of dates have a placeholder if days are numbers', () => {
  assert.deepEqual(readerOf('_date').unavailable, [116, 101, 115, 116])
  assert.equal(readerOf('_date', { settings: { timePrecisionMode: 'connect' } }).unavailable, null)
  assert.equal(readerOf('_date', { settings: { timePrecisionMode: 'isostring' } }).unavailable, null)
})

test('a mask hides values, NULL and the placeholder, but not the value of a required cell that was not sent', () => {
  const settings = { maskOf: () => ({ kind: 'mask', length: 5 }) as const }
  const reader = readerOf('text', { settings })
  assert.deepEqual(reader.schema.parameters, { masked: 'true' })
  assert.equal(readText(reader, 'secret'), '*****')
  assert.equal(reader.nullValue, '*****')
  assert.equal(reader.unavailable, '*****')
  assert.equal(readerOf('text', { settings, optional: false }).fallback, '')
})

test('a mask marks the schemas of other types, too, and leaves their values', () => {
  const settings = { maskOf: () => ({ kind: 'mask', length: 5 }) as const }
  const reader = readerOf('numeric', { settings, typmod: numeric(5, 2) })
  assert.deepEqual(Object.keys(reader.schema.parameters ?? {}), [
    'scale',
    'connect.decimal.precision',
    'masked',
  ])
  assert.deepEqual(readText(reader, '1.50'), new Decimal(150n, 2))
  assert.equal(reader.nullValue, null)
})

test('a hash is cut to the length of the column', () => {
  const maskOf = () => ({ kind: 'hash', algorithm: 'SHA-256', salt: 'pepper', version: 2 }) as const
  assert.equal(
    readText(readerOf('varchar', { typmod: 24, settings: { maskOf } }), 'xx'),
    'f0ca3932eb89e345af15',
  )
})

test('the source type becomes parameters of the schema if the column or the type is selected', () => {
  const asked: string[] = []
  const propagatesSourceType = (
    _table: unknown,
    column: { readonly name: string },
    type: { readonly name: string },
  ) => {
    asked.push(`${column.name} ${type.name}`)
    return true
  }
  const serial = { defaultExpression: "nextval('t_seq'::regclass)", origin: 'snapshot' } as const
  const reader = readerOf('int4', { ...serial, settings: { propagatesSourceType } })
  assert.deepEqual(asked, ['c serial'])
  assert.deepEqual(reader.schema.parameters, {
    '__debezium.source.column.type': 'SERIAL',
    '__debezium.source.column.length': '10',
    '__debezium.source.column.scale': '0',
    '__debezium.source.column.name': 'c',
  })
})
