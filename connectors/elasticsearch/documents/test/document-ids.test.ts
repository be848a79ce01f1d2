import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  BoxedInteger,
  BYTES,
  FLOAT64,
  INT16,
  INT32,
  INT64,
  INT8,
  map,
  type Schema,
  STRING,
} from '../../../../api/index.ts'
import { idOfKey, idOfPlace } from '../document-ids.ts'
import { sinkRecord } from './records.ts'

const idOf = (key: unknown, keySchema: Schema | null = null): string =>
  idOfKey(sinkRecord({ key, keySchema }))
const dataError = (message: RegExp) => ({ code: 'HR_DATA_INVALID', message })

test('strings and integers are ids, with and without schemas', () => {
  assert.equal(idOf('a b', STRING), 'a b')
  assert.equal(idOf('a b'), 'a b')
  for (const schema of [INT8, INT16, INT32, INT64, null]) assert.equal(idOf(-7, schema), '-7')
  assert.equal(idOf(2n ** 62n, INT64), '4611686018427387904')
  assert.equal(idOf(2n ** 62n), '4611686018427387904')
  assert.equal(idOf(new BoxedInteger('int16', 7)), '7')
})

test('null and empty keys are no ids', () => {
  assert.throws(() => idOf(null), dataError(/key is null.*key\.ignore/))
  assert.throws(() => idOf(undefined), dataError(/key is null/))
  assert.throws(() => idOf('', STRING), dataError(/key is empty/))
})

test('keys of other types are no ids', () => {
  assert.throws(() => idOf(1.5, FLOAT64), dataError(/FLOAT64 cannot be the id/))
  assert.throws(() => idOf(1.5), dataError(/FLOAT64 cannot be the id/))
  assert.throws(() => idOf(true), dataError(/BOOLEAN/))
  assert.throws(() => idOf(Buffer.from('a'), BYTES), dataError(/BYTES/))
  assert.throws(() => idOf(new Map(), map(STRING, STRING)), dataError(/MAP/))
  assert.throws(() => idOf({ id: 1 }), dataError(/MAP/))
  assert.throws(() => idOf(new Date()), dataError(/java\.util\.Date/))
})

test('an id has at most 512 bytes', () => {
  assert.equal(idOf('k'.repeat(512)).length, 512)
  assert.throws(() => idOf('k'.repeat(513)), dataError(/has 513 bytes, and the server accepts at most 512/))
  assert.equal(idOf('€'.repeat(170)).length, 170)
  assert.throws(() => idOf('€'.repeat(171)), dataError(/has 513 bytes/))
  assert.throws(() => idOfPlace(sinkRecord({ topic: 't'.repeat(600) })), dataError(/604 bytes/))
})

test('half a character is refused, because several ids would become the same', () => {
  assert.equal(idOf('😀'), '😀')
  assert.throws(() => idOf('a\ud83d'), dataError(/UTF-8/))
})
