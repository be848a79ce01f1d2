import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  array,
  BoxedInteger,
  BYTES,
  dateFromMs,
  dateSchema,
  Decimal,
  decimalSchema,
  FLOAT32,
  FLOAT64,
  Float64,
  INT32,
  INT64,
  map,
  OPTIONAL_STRING,
  STRING,
  struct,
  timestampSchema,
} from '../../../../../api/index.ts'
import { uncompressed } from '../../compression/index.ts'
import { textOfObject, type Row } from '../../test/encode-object.ts'
import { jsonFormat } from '../index.ts'

const format = jsonFormat('base64', uncompressed)
const lines = async (rows: readonly Row[], decimals: 'base64' | 'numeric' = 'base64') =>
  (await textOfObject(jsonFormat(decimals, uncompressed), rows)).split('\n').slice(0, -1)

test('a struct is written as JsonConverter writes it, one line per record', async () => {
  const schema = struct({ id: INT64, price: decimalSchema(2), day: dateSchema(), note: OPTIONAL_STRING })
  const row = { id: 2n ** 60n, price: new Decimal(1250n, 2), day: dateFromMs(86_400_000), note: null }
  const text = await textOfObject(format, [
    [row, schema],
    [row, schema],
  ])
  const line = '{"id":1152921504606846976,"price":"BOI=","day":1,"note":null}\n'
  assert.equal(text, line + line)
  assert.deepEqual(await lines([[row, schema]], 'numeric'), [
    '{"id":1152921504606846976,"price":12.50,"day":1,"note":null}',
  ])
})

/** Recorded with Jackson 2.21: writeObject of an ObjectMapper with default settings. */
const recorded: readonly (readonly [Row, string])[] = [
  [[null], 'null'],
  [['a"b\u001fé😀/'], '"a\\"b\\u001Fé\\uD83D\\uDE00/"'],
  [[Buffer.from([1, 2, 255])], '"AQL/"'],
  [[new Date(259_200_005)], '259200005'],
  [[new Decimal(1250n, 2)], '12.50'],
  [[new Decimal(1n, -3)], '1E+3'],
  [[new BoxedInteger('biginteger', 10n ** 20n)], '100000000000000000000'],
  [[new Float64(1)], '1.0'],
  [[[{ d: new Date(7) }, new Decimal(10n, 2), Buffer.from([9])]], '[{"d":7},0.10,"CQ=="]'],
  [[1, FLOAT64], '1.0'],
  [[Math.fround(0.1), FLOAT32], '0.1'],
  [[1e10, FLOAT64], '1.0E10'],
  [[Number.NaN, FLOAT64], '"NaN"'],
  [[9_007_199_254_740_993n, INT64], '9007199254740993'],
  [[Buffer.from([1]), BYTES], '"AQ=="'],
  [[new Decimal(1250n, 2), decimalSchema(2)], '12.50'],
  [[new Date(86_400_000), dateSchema()], '86400000'],
  [[[new Date(5), null], array(timestampSchema())], '[5,null]'],
  [[null, STRING], 'null'],
  [[new Map([[2, 'b']]), map(INT32, STRING)], '{"2":"b"}'],
  [[new Map([[1, true]]), map(FLOAT64, null)], '{"1.0":true}'],
  [[new Map<unknown, unknown>([[Buffer.from([1, 2]), 1]])], '{"AQI=":1}'],
  [[new Map<unknown, unknown>([[new Date(5), 2]])], '{"1970-01-01T00:00:00.005+00:00":2}'],
]

test('any other value is written as ObjectMapper writes it', async () => {
  assert.deepEqual(
    await lines(recorded.map(([row]) => row)),
    recorded.map(([, json]) => json),
  )
})

test('structs within an array are written with their schema', async () => {
  const schema = array(struct({ amount: FLOAT64 }))
  assert.deepEqual(await lines([[[{ amount: 1 }], schema]]), ['[{"amount":1.0}]'])
})

test('a value that does not match its schema is refused and leaves the object as it was', async () => {
  const parts: Buffer[] = []
  const encoder = format.open(STRING, (bytes) => parts.push(bytes))
  encoder.write('a', STRING)
  for (const [value, schema] of [
    [1, STRING],
    [{}, struct({ id: INT32 })],
    ['1', decimalSchema(0)],
    [5, timestampSchema()],
    [new Date(Number.NaN), timestampSchema()],
    ['a', array(STRING)],
    [{}, map(STRING, STRING)],
    [new Map([[null, 1]]), null],
  ] as const) {
    assert.throws(() => encoder.write(value, schema), { code: 'HR_DATA_INVALID' })
  }
  encoder.write('b', STRING)
  await encoder.end()
  assert.equal(Buffer.concat(parts).toString(), '"a"\n"b"\n')
})
