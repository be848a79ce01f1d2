import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  array,
  Decimal,
  INT32,
  isConnectError,
  OPTIONAL_STRING,
  STRING,
  struct,
  withAttributes,
  type Schema,
} from '../../../../../api/index.ts'
import { defaultAvroData } from '../../avro/index.ts'
import { parquetCodecs, type ParquetCodecName } from '../codecs.ts'
import { parquetFormatWith } from '../format.ts'
import { parquetFormat, parquetReader } from '../index.ts'
import { parquetReaderWith } from '../reader.ts'
import { everything, everythingJson, valueOf } from './everything.ts'
import { fileOf, memoryObject, readAll } from './memory-object.ts'

const formatOf = (codec: ParquetCodecName, avroSchema = everythingJson) =>
  parquetFormatWith({ codec, avroSchemaOf: () => avroSchema })
const readerOf = (schema: Schema) => parquetReaderWith({ connectSchemaOf: () => schema })

const values = Array.from({ length: 300 }, (_, n) => valueOf(n))
const invalid = (pattern: RegExp) => (error: unknown) =>
  isConnectError(error) && error.code === 'HR_DATA_INVALID' && pattern.test(error.message)

for (const codec of Object.keys(parquetCodecs) as ParquetCodecName[]) {
  test(`all types come back equal with the codec ${codec}`, async () => {
    const file = await fileOf(formatOf(codec), everything, values)
    const found = await readAll(readerOf(everything), memoryObject(file))
    assert.deepEqual(
      found.map(({ value }) => value),
      values,
    )
    assert.equal(found[0]?.schema, everything)
  })
}

test('schemas come back equal by the Avro schema of AvroData', async () => {
  const file = await fileOf(parquetFormat({ ...defaultAvroData, codec: 'snappy' }), everything, values)
  const found = await readAll(parquetReader(defaultAvroData), memoryObject(file))
  assert.equal(found[0]?.schema, everything)
  assert.deepEqual(
    found.map(({ value }) => value),
    values,
  )
})

test('names of objects have the extensions of parquet-mr', () => {
  const extensions = Object.keys(parquetCodecs).map((codec) => formatOf(codec as ParquetCodecName).extension)
  assert.deepEqual(extensions, [
    '.parquet',
    '.snappy.parquet',
    '.gz.parquet',
    '.br.parquet',
    '.lz4hadoop.parquet',
    '.zstd.parquet',
    '.lz4raw.parquet',
  ])
})

test('a value that does not fit is refused with its place, and changes nothing', async () => {
  const parts: Buffer[] = []
  const encoder = formatOf('none').open(everything, (bytes) => parts.push(bytes))
  encoder.write(valueOf(1), everything)
  const refused = (change: Record<string, unknown>, pattern: RegExp) =>
    assert.throws(() => encoder.write({ ...valueOf(2), ...change }, everything), invalid(pattern))
  refused({ whole: 2 ** 31 }, /whole must be a 32-bit integer, but is a number/)
  refused({ text: null }, /text must be a string, but is null/)
  refused({ price: new Decimal(1n, 3) }, /price must be a Decimal with scale 2/)
  refused({ day: new Date(1) }, /day must be a Date without a time of day/)
  refused({ moment: new Date(Number.NaN) }, /moment must be a valid Date/)
  refused({ numbers: [1, null] }, /numbers\[1\] must be a 32-bit integer, but is null/)
  refused({ points: [{ x: 'a' }] }, /points\[0\]\.x must be/)
  refused({ byName: new Map([['a', ['x']]]) }, /a value of byName\[0\] must be/)
  refused({ byNumber: new Map([['a', 'b']]) }, /a key of byNumber must be/)
  refused({ point: [] }, /point must be a struct/)
  assert.throws(() => encoder.write('text', everything), invalid(/must be a struct/))
  encoder.write(valueOf(2), everything)
  await encoder.end()
  const found = await readAll(readerOf(everything), memoryObject(Buffer.concat(parts)))
  assert.deepEqual(
    found.map(({ value }) => value),
    [valueOf(1), valueOf(2)],
  )
})

test('a field that is missing has its default', async () => {
  const schema = struct({ a: withAttributes(INT32, { defaultValue: 7 }), b: OPTIONAL_STRING })
  const json =
    '{"type":"record","name":"R","fields":[{"name":"a","type":"int"},{"name":"b","type":["null","string"]}]}'
  const file = await fileOf(formatOf('none', json), schema, [{}, { a: null, b: 'x' }])
  const found = await readAll(readerOf(schema), memoryObject(file))
  assert.deepEqual(
    found.map(({ value }) => value),
    [
      { a: 7, b: null },
      { a: 7, b: 'x' },
    ],
  )
})

test('values that are no structs are refused, and those without a schema', () => {
  const open = (schema: Schema | null) => formatOf('none').open(schema, () => {})
  assert.throws(() => open(STRING), invalid(/hold structs, .*Schema\{STRING\}.*HoistField/))
  assert.throws(() => open(array(STRING)), invalid(/hold structs/))
  assert.throws(() => open(null), invalid(/need a schema/))
})

test('the footer holds the Avro schema', async () => {
  const file = await fileOf(formatOf('snappy'), everything, [])
  const seen: string[] = []
  const reader = parquetReaderWith({
    connectSchemaOf: (text) => {
      seen.push(text)
      return everything
    },
  })
  assert.deepEqual(await readAll(reader, memoryObject(file)), [])
  assert.deepEqual(seen, [everythingJson])
})
