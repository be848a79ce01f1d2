import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BoxedInteger, Decimal, Float32, FLOAT64 } from '../../../api/index.ts'
import { dateMs, jsonKey, printAsObjectMapper } from '../object-mapper.ts'

test('values without a form in JsonConverter are numbers, and maps with any keys are objects', () => {
  const value = {
    decimal: new Decimal(1n, 20),
    date: new Date(5),
    big: new BoxedInteger('biginteger', 2n ** 70n),
    float: new Float32(0.1),
    map: new Map<unknown, unknown>([
      [1, 'a'],
      [true, null],
    ]),
  }
  assert.equal(
    printAsObjectMapper(value),
    '{"decimal":1E-20,"date":5,"big":1180591620717411303424,"float":0.1,"map":{"1":"a","true":null}}',
  )
})

test('keys are text, and null is refused', () => {
  assert.deepEqual(
    [jsonKey('a"', null), jsonKey(1, FLOAT64), jsonKey([1, 'a'], null), jsonKey(Buffer.of(1), null)],
    ['"a\\""', '"1.0"', '"[1, a]"', '"AQ=="'],
  )
  assert.throws(() => jsonKey(null, null), { code: 'HR_DATA_INVALID' })
  assert.throws(() => dateMs(new Date(Number.NaN)), { code: 'HR_DATA_INVALID' })
})
