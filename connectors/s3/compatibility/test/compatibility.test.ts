import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  array,
  FLOAT64,
  INT32,
  INT64,
  isConnectError,
  map,
  OPTIONAL_INT32,
  primitive,
  STRING,
  struct,
  withAttributes,
  type Schema,
} from '../../../../api/index.ts'
import { schemaCompatibility, type CompatibilityMode } from '../index.ts'

const versioned = (
  version: number | null,
  fields: Readonly<Record<string, Schema>>,
  name = 'Order',
): Schema => struct(fields, { name, version })

const rotates = (mode: CompatibilityMode, schema: Schema | null, current: Schema | null): boolean =>
  schemaCompatibility(mode).mustRotate({ schema, value: null }, current)
const projected = (mode: CompatibilityMode, schema: Schema | null, current: Schema | null, value: unknown) =>
  schemaCompatibility(mode).project({ schema, value }, current)

const one = versioned(1, { id: INT32 })
const two = versioned(2, { id: INT32, note: primitive('string', { optional: true }) })

test('NONE: objects end at each change of the schema, and values stay as they are', () => {
  assert.equal(rotates('NONE', one, one), false)
  assert.equal(rotates('NONE', two, one), true)
  assert.equal(rotates('NONE', withAttributes(one, { doc: 'text' }), one), true)
  const record = { schema: one, value: { id: 1 } }
  assert.equal(schemaCompatibility('NONE').project(record, two), record)
})

test('BACKWARD and FULL: a newer schema ends objects, and older records get the newer schema', () => {
  for (const mode of ['BACKWARD', 'FULL'] as const) {
    assert.deepEqual([rotates(mode, two, one), rotates(mode, one, two)], [true, false])
    assert.deepEqual(projected(mode, one, two, { id: 1 }), { schema: two, value: { id: 1, note: null } })
  }
})

test('FORWARD: an older schema ends objects, and newer records get the older schema', () => {
  assert.deepEqual([rotates('FORWARD', two, one), rotates('FORWARD', one, two)], [false, true])
  assert.deepEqual(projected('FORWARD', two, one, { id: 1, note: 'x' }), { schema: one, value: { id: 1 } })
})

test('another structure ends objects, whatever the versions are', () => {
  const base = { id: INT32 }
  const different: readonly (readonly [
    Readonly<Record<string, Schema>>,
    Readonly<Record<string, Schema>>,
  ])[] = [
    [{ id: INT64 }, base],
    [{ id: STRING }, base],
    [{ id: OPTIONAL_INT32 }, base],
    [{ id: primitive('int32', { name: 'x' }) }, base],
    [base, { ...base, added: STRING }],
    [{ list: array(INT64) }, { list: array(INT32) }],
    [{ map: map(STRING, STRING) }, { map: map(INT32, STRING) }],
    [{ in: struct(base) }, { in: struct({ id: STRING }) }],
  ]
  for (const [fields, current] of different) {
    for (const mode of ['BACKWARD', 'FORWARD', 'FULL'] as const) {
      assert.equal(rotates(mode, versioned(1, fields), versioned(1, current)), true)
    }
  }
  assert.equal(rotates('BACKWARD', one, versioned(1, base, 'Other')), true)
})

test('wider numbers, optional fields, defaults and fewer fields fit into an object', () => {
  const fitting: readonly (readonly [Readonly<Record<string, Schema>>, Readonly<Record<string, Schema>>])[] =
    [
      [{ id: INT32 }, { id: FLOAT64 }],
      [{ id: INT32 }, { id: OPTIONAL_INT32 }],
      [{ id: OPTIONAL_INT32 }, { id: primitive('int32', { defaultValue: 7 }) }],
      [{ id: INT32 }, { id: INT32, added: primitive('int32', { defaultValue: 7 }) }],
      [{ id: INT32, dropped: STRING }, { id: INT32 }],
      [{ list: array(struct({ id: INT32 })) }, { list: array(struct({ id: INT64 })) }],
    ]
  for (const [fields, current] of fitting) {
    assert.equal(rotates('BACKWARD', versioned(1, fields), versioned(1, current)), false)
  }
})

test('a null value of an optional schema has the default of the current one', () => {
  const current = versioned(1, { id: primitive('int32', { defaultValue: 7 }) })
  const { value } = projected('BACKWARD', versioned(1, { id: OPTIONAL_INT32 }), current, { id: null })
  assert.deepEqual(value, { id: 7 })
})

const symbols = (...names: string[]): Schema => {
  const mark = 'io.confluent.connect.avro.Enum'
  const parameters = Object.fromEntries([[mark, 'Color'], ...names.map((name) => [`${mark}.${name}`, name])])
  return primitive('string', { parameters: parameters as Record<string, string> })
}

test('an enum may have fewer symbols than the current one, not others', () => {
  const [few, many] = [versioned(1, { c: symbols('RED') }), versioned(1, { c: symbols('RED', 'BLUE') })]
  assert.equal(rotates('BACKWARD', few, many), false)
  assert.equal(rotates('BACKWARD', many, few), true)
  assert.deepEqual(projected('BACKWARD', few, many, { c: 'RED' }).value, { c: 'RED' })
  assert.throws(() => projected('BACKWARD', many, few, { c: 'BLUE' }), /Schema parameters not equal/)
})

test('parameters that only document a schema do not matter, others do', () => {
  const text = (parameters: Readonly<Record<string, string>>): Schema =>
    versioned(1, { a: primitive('string', { parameters }) })
  const documented = text({ 'connect.record.doc': 'x', 'io.confluent.connect.avro.field.doc.a': 'y' })
  assert.equal(rotates('BACKWARD', documented, versioned(1, { a: STRING })), false)
  assert.equal(rotates('BACKWARD', text({ unit: 'm' }), text({ unit: 'km' })), true)
  assert.deepEqual(projected('BACKWARD', documented, text({ 'connect.record.doc': 'z' }), { a: 'v' }).value, {
    a: 'v',
  })
})

test('schemas without versions, and records without schemas, cannot be compared', () => {
  const refused: readonly (readonly [() => unknown, RegExp])[] = [
    [
      () => rotates('BACKWARD', versioned(null, { id: INT32 }), one),
      /^Schema version required for BACKWARD compatibility/,
    ],
    [
      () => rotates('FORWARD', one, versioned(null, { id: INT32 })),
      /^Schema version required for FORWARD compatibility/,
    ],
    [() => rotates('NONE', null, one), /^Switch between schema-based and schema-less data is not supported$/],
    [() => rotates('FULL', one, null), /^Switch between schema-based and schema-less data is not supported$/],
    [() => projected('FULL', one, null, { id: 1 }), /^Switch between/],
  ]
  for (const [run, message] of refused) {
    assert.throws(
      run,
      (error) =>
        isConnectError(error) && error.code === 'HR_PROJECTION_FAILED' && message.test(error.message),
    )
  }
  assert.equal(rotates('BACKWARD', null, null), false)
})
