import assert from 'node:assert/strict'
import { test } from 'node:test'
import { defaults, readerOf, readText } from '../../test/columns.ts'
import { integerReader } from '../../scalars/integers.ts'
import { enumReader, textReader } from '../../scalars/text.ts'
import { typeNamed } from '../../test/columns.ts'
import { readElements } from '../array-text.ts'

const COMMA = 0x2c
const integers = integerReader('int32')
const texts = textReader(defaults)
const labels = enumReader(typeNamed('mood'), defaults)

const read = (text: string, element = texts): unknown =>
  readText({ read: (bytes, start, end) => readElements(bytes, start, end, element, COMMA) }, text)

test('reads elements with and without quotes', () => {
  assert.deepEqual(read('{}'), [])
  assert.deepEqual(read('{a}'), ['a'])
  assert.deepEqual(read('{"a,b","","{c}",d e}'), ['a,b', '', '{c}', 'd e'])
  assert.deepEqual(read('{1,-2,3}', integers), [1, -2, 3])
})

test('resolves escapes', () => {
  assert.deepEqual(read(String.raw`{"a\"b","c\\d","\\","é\"ž"}`), ['a"b', 'c\\d', '\\', 'é"ž'])
})

test('NULL is null, "NULL" is a text', () => {
  assert.deepEqual(read('{NULL,"NULL",NULLS}'), [null, 'NULL', 'NULLS'])
})

test('an element that is required cannot be null', () => {
  assert.throws(() => read('{ok,NULL}', labels), /The array contains NULL, which its schema does not allow/)
})

test('several dimensions become one list, row by row', () => {
  assert.deepEqual(read('{{1,2},{3,4}}', integers), [1, 2, 3, 4])
  assert.deepEqual(read('{{{a,"}"},{NULL,c}}}'), ['a', '}', null, 'c'])
})

test('bounds of the indexes are ignored', () => {
  assert.deepEqual(read('[0:2]={1,2,3}', integers), [1, 2, 3])
  assert.deepEqual(read('[-1:0][2:3]={{1,2},{3,4}}', integers), [1, 2, 3, 4])
})

test('refuses text that is not an array', () => {
  assert.throws(() => read('1 2 3'), /Expected an array but found "1 2 3"/)
  assert.throws(() => read(''), /Expected an array but found ""/)
})

test('elements of other types are read as in columns of that type', () => {
  assert.deepEqual(readText(readerOf('_bool'), '{t,f,NULL}'), [true, false, null])
  assert.deepEqual(readText(readerOf('_jsonb'), String.raw`{"{\"a\": 1}"}`), ['{"a": 1}'])
  assert.deepEqual(readText(readerOf('_hstore'), String.raw`{"\"a\"=>\"1\""}`), ['{"a":"1"}'])
  assert.deepEqual(readText(readerOf('_int4range'), '{"[1,5)",empty}'), ['[1,5)', 'empty'])
})
