import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decimalSchema, OPTIONAL_STRING, timestampSchema } from '../../../../../../api/index.ts'
import { defaultAvroData } from '../../index.ts'
import { parseSchema } from '../parse.ts'
import { connectSchema } from '../to-connect.ts'

const read = (avro: unknown, settings = defaultAvroData) =>
  connectSchema(parseSchema(JSON.stringify(avro)), settings)

const record = (fields: readonly object[], more: object = {}) => ({
  type: 'record',
  name: 'R',
  fields,
  ...more,
})

test('optional and logical types', () => {
  assert.equal(read(['null', 'string']), OPTIONAL_STRING)
  assert.equal(read({ type: 'long', logicalType: 'timestamp-millis' }), timestampSchema())
  assert.equal(read({ type: 'bytes', logicalType: 'decimal', precision: 64, scale: 2 }), decimalSchema(2))
})

test('logical types that Connect does not have are their base types', () => {
  assert.equal(read({ type: 'long', logicalType: 'timestamp-micros' }).type, 'int64')
  assert.equal(read({ type: 'string', logicalType: 'uuid' }).name, null)
})

test('names are resolved in the namespace of the record around them', () => {
  const fields = [
    { name: 'a', type: { type: 'fixed', name: 'F', size: 1 } },
    { name: 'b', type: 'n.F' },
    { name: 'c', type: record([{ name: 'x', type: 'n.F' }], { name: 'X', namespace: 'm' }) },
    { name: 'd', type: 'm.X' },
  ]
  assert.deepEqual(
    read(record(fields, { namespace: 'n' })).fields.map((field) => field.schema.name),
    ['n.F', 'n.F', 'm.X', 'm.X'],
  )
})

test('a type that is used many times takes no time', () => {
  let type: unknown = record([{ name: 'x', type: 'int' }], { name: 's0' })
  for (let depth = 1; depth < 60; depth++) {
    const fields = ['a', 'b'].map((name, index) => ({ name, type: index === 0 ? type : `s${depth - 1}` }))
    type = record(fields, { name: `s${depth}` })
  }
  assert.equal(read(type).fields.length, 2)
})

test('a recursive type is refused by name', () => {
  const list = record([{ name: 'next', type: ['null', 'R'] }], { namespace: 'n' })
  assert.throws(() => read(list), /The type n\.R is recursive/)
})

test('the default of a field is a default of its schema; one that does not fit is ignored', () => {
  const field = (type: unknown, value: unknown) =>
    read(record([{ name: 'a', type, default: value }])).field('a')?.schema.defaultValue
  assert.equal(field('int', 5), 5)
  assert.equal(field('int', 'x'), null)
  assert.equal(field('int', 2 ** 40), null)
  assert.deepEqual(field({ type: 'array', items: ['null', 'int'] }, [1, null]), [1, null])
  assert.deepEqual(field('bytes', '\u00ff'), Buffer.from([255]))
  assert.deepEqual(field({ type: 'int', logicalType: 'date' }, 1), new Date(86_400_000))
  assert.deepEqual(field(['int', 'string', 'null'], 3), { int: 3, string: null })
  const point = { type: 'record', name: 'P', fields: [{ name: 'x', type: 'int', default: 1 }] }
  assert.deepEqual(field(point, {}), { x: 1 })
})

test('schemas that are not valid are refused with the reason', () => {
  const int = { name: 'a', type: 'int' }
  const cases: readonly (readonly [unknown, RegExp])[] = [
    ['strange', /refers to 'strange', which it does not define/],
    [{ type: 'array' }, /has nothing where a type is expected/],
    [[['int']], /a union in a union/],
    [record([{ type: 'int' }]), /a field without a name/],
    [record([int, int]), /a field twice/],
    [{ type: 'record', fields: [] }, /"record" without a name/],
    [{ type: 'fixed', name: 'F', size: -1 }, /fixed type F has the size -1/],
    ['null', /only null/],
    [{ 'type': 'int', 'connect.version': 'x' }, /connect\.version is "x", expected a number/],
    [[record([], { name: 'a.X' }), record([], { name: 'a.X' })], /defines a\.X twice/],
  ]
  for (const [avro, expected] of cases) assert.throws(() => read(avro), expected)
})

test('without enhanced support, the members of a union have short names, of which two may be equal', () => {
  const settings = { ...defaultAvroData, enhancedSchemaSupport: false }
  const union = (...names: string[]) => ['int', ...names.map((name) => record([], { name }))]
  assert.deepEqual(
    read(union('a.X'), settings).fields.map(({ name }) => name),
    ['int', 'X'],
  )
  assert.throws(() => read(union('a.X', 'b.X'), settings), /two types that become the field X/)
})
