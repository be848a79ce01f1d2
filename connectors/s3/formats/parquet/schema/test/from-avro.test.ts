import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isConnectError } from '../../../../../../api/index.ts'
import { everythingJson } from '../../test/everything.ts'
import { parquetSchemaOf } from '../from-avro.ts'
import { isGroup, leavesOf, type ParquetType } from '../parquet-type.ts'

/** Prints a type as parquet-mr does. */
function printed(type: ParquetType, indent = ''): string {
  const { annotation, name } = type
  const note = annotation === null ? '' : ` (${Object.values(annotation).join(',')})`
  const repetition = type.repetition.toLowerCase()
  if (!isGroup(type)) {
    const length = type.length === 0 ? '' : `(${type.length})`
    return `${indent}${repetition} ${type.physical}${length} ${name}${note}\n`
  }
  const fields = type.fields.map((field) => printed(field, `${indent}  `)).join('')
  return `${indent}${repetition} group ${name}${note}\n${fields}`
}

const fieldsOf = (fields: string, nullableElements = false): string[] =>
  printed(parquetSchemaOf(`{"type":"record","name":"R","fields":[${fields}]}`, nullableElements))
    .trimEnd()
    .split('\n')
    .slice(1)

test('the root has the full name of the record, and types have the annotations of their logical types', () => {
  const text = printed(parquetSchemaOf(everythingJson, false))
  assert.match(text, /^required group com\.example\.Everything\n/)
  assert.match(text, /required INT32 small\n/)
  assert.match(text, /required BYTE_ARRAY price \(DECIMAL,64,2\)\n/)
  assert.match(text, /required INT32 day \(DATE\)\n/)
  assert.match(text, /required INT32 time \(TIME,MILLIS,true\)\n/)
  assert.match(text, /optional INT64 moment \(TIMESTAMP,MILLIS,true\)\n/)
  assert.match(text, /optional BYTE_ARRAY note \(STRING\)\n/)
})

test('lists have two levels, or three if elements can be null', () => {
  const fields = '{"name":"a","type":{"type":"array","items":"string"}}'
  assert.deepEqual(fieldsOf(fields), ['  required group a (LIST)', '    repeated BYTE_ARRAY array (STRING)'])
  assert.deepEqual(fieldsOf('{"name":"a","type":["null",{"type":"array","items":["null","int"]}]}', true), [
    '  optional group a (LIST)',
    '    repeated group list',
    '      optional INT32 element',
  ])
})

test('maps have a required key', () => {
  assert.deepEqual(fieldsOf('{"name":"m","type":{"type":"map","values":["null","long"]}}'), [
    '  required group m (MAP)',
    '    repeated group key_value',
    '      required BYTE_ARRAY key (STRING)',
    '      optional INT64 value',
  ])
})

test('a union of several types is a group with a member for each', () => {
  assert.deepEqual(fieldsOf('{"name":"u","type":["null","int","string"]}'), [
    '  optional group u',
    '    optional INT32 member0',
    '    optional BYTE_ARRAY member1 (STRING)',
  ])
})

test('named types are found by name and namespace', () => {
  const color = '{"type":"enum","name":"Color","namespace":"a.b","symbols":["RED"]}'
  const inner = '{"type":"record","name":"In","namespace":"a.b","fields":[{"name":"c","type":"Color"}]}'
  const fixed = '{"type":"fixed","name":"F","size":4}'
  const fields = [color, '"a.b.Color"', inner, fixed, '"F"'].map(
    (type, at) => `{"name":"f${at}","type":${type}}`,
  )
  assert.deepEqual(fieldsOf(fields.join()), [
    '  required BYTE_ARRAY f0 (ENUM)',
    '  required BYTE_ARRAY f1 (ENUM)',
    '  required group f2',
    '    required BYTE_ARRAY c (ENUM)',
    '  required FIXED_LEN_BYTE_ARRAY(4) f3',
    '  required FIXED_LEN_BYTE_ARRAY(4) f4',
  ])
})

test('an optional record is a record', () => {
  const root = parquetSchemaOf(
    '["null",{"type":"record","name":"R","fields":[{"name":"a","type":"int"}]}]',
    false,
  )
  assert.deepEqual([root.name, root.repetition], ['R', 'REQUIRED'])
})

test('a decimal with a scale that Avro does not allow has no annotation', () => {
  const type = '{"type":"bytes","logicalType":"decimal","precision":2,"scale":3}'
  assert.deepEqual(fieldsOf(`{"name":"d","type":${type}}`), ['  required BYTE_ARRAY d'])
})

test('what is not a record is refused, records without fields, and types without an equivalent', () => {
  const refused = (json: string) =>
    assert.throws(
      () => parquetSchemaOf(json, false),
      (error) => isConnectError(error) && error.code === 'HR_DATA_INVALID',
    )
  refused('"string"')
  refused('{"type":"array","items":"int"}')
  refused('{"type":"record","name":"R","fields":[{"name":"a","type":"Unknown"}]}')
  refused('{"type":"record","name":"R","fields":[]}')
  refused(
    '{"type":"record","name":"R","fields":[{"name":"a","type":{"type":"record","name":"E","fields":[]}}]}',
  )
})

test('levels count the types that can be missing and that repeat', () => {
  const leaves = leavesOf(parquetSchemaOf(everythingJson, true))
  const levels = leaves.map(({ path, maxDefinition, maxRepetition }) => [
    path.join('.'),
    maxDefinition,
    maxRepetition,
  ])
  assert.deepEqual(levels.at(8), ['note', 1, 0])
  assert.ok(levels.some((level) => String(level) === 'other.inner.deep.list.element,2,1'))
  assert.ok(levels.some((level) => String(level) === 'byName.key_value.value.list.element,3,2'))
})
