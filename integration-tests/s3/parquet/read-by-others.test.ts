import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import {
  array,
  BOOLEAN,
  BYTES,
  dateSchema,
  Decimal,
  decimalSchema,
  FLOAT32,
  FLOAT64,
  INT16,
  INT32,
  INT64,
  INT8,
  makeSchema,
  map,
  OPTIONAL_INT32,
  OPTIONAL_STRING,
  STRING,
  struct,
  timeSchema,
  timestampSchema,
} from '../../../api/index.ts'
import { defaultAvroData } from '../../../connectors/s3/formats/avro/index.ts'
import { parquetFormat, type ParquetCodecName } from '../../../connectors/s3/formats/parquet/index.ts'
import { runPython } from '../../services/index.ts'
import { readWithOthers } from './programs.ts'

const point = struct({ x: INT32, label: OPTIONAL_STRING }, { name: 'com.example.Point' })
const precise = (precision: number) => ({ 'connect.decimal.precision': String(precision) })

const schema = makeSchema({
  type: 'struct',
  name: 'com.example.Order',
  fields: [
    ['tiny', INT8],
    ['short', INT16],
    ['whole', INT32],
    ['long', INT64],
    ['single', FLOAT32],
    ['double', FLOAT64],
    ['flag', BOOLEAN],
    ['text', STRING],
    ['note', OPTIONAL_STRING],
    ['raw', BYTES],
    ['price', decimalSchema(2, { parameters: precise(12) })],
    ['wide', decimalSchema(4)],
    ['day', dateSchema()],
    ['time', timeSchema()],
    ['moment', timestampSchema({ optional: true })],
    ['point', point],
    [
      'nothing',
      makeSchema({ type: 'struct', name: 'com.example.Inner', optional: true, fields: [['p', point]] }),
    ],
    ['numbers', array(OPTIONAL_INT32)],
    ['points', array(point)],
    ['attributes', map(STRING, OPTIONAL_STRING)],
    ['nested', map(STRING, array(struct({ tags: array(STRING) }, { name: 'com.example.Tagged' })))],
  ],
})

const first = {
  tiny: -128,
  short: 32_767,
  whole: -2_147_483_648,
  long: 9_223_372_036_854_775_807n,
  single: 0.5,
  double: 0.1,
  flag: true,
  text: 'ü😀',
  note: null,
  raw: Buffer.from([0, 255]),
  price: new Decimal(-123_456_789_012n, 2),
  wide: new Decimal(5n, 4),
  day: new Date('2024-02-29'),
  time: new Date(45_296_789),
  moment: null,
  point: { x: 1, label: null },
  nothing: null,
  numbers: [1, null, 3],
  points: [],
  attributes: new Map([
    ['a', 'b'],
    ['c', null],
  ]),
  nested: new Map([['k', [{ tags: ['x', 'y'] }, { tags: [] }]]]),
}

const second = {
  ...first,
  note: 'a note',
  moment: new Date('1969-12-31T23:59:59.999Z'),
  nothing: { p: { x: 2, label: 'q' } },
  numbers: [],
  points: [
    { x: 1, label: 'p' },
    { x: 2, label: null },
  ],
  attributes: new Map(),
  nested: new Map(),
}

/** The values as the Python program prints them, of pyarrow. */
const expectedFirst = {
  tiny: -128,
  short: 32_767,
  whole: -2_147_483_648,
  long: 9_223_372_036_854_776_000,
  single: 0.5,
  double: 0.1,
  flag: true,
  text: 'ü😀',
  note: null,
  raw: 'hex:00ff',
  price: 'decimal:-1234567890.12',
  wide: 'decimal:0.0005',
  day: 'date:2024-02-29',
  time: 'time:12:34:56.789000',
  moment: null,
  point: { x: 1, label: null },
  nothing: null,
  numbers: [1, null, 3],
  points: [],
  attributes: [
    ['a', 'b'],
    ['c', null],
  ],
  nested: [['k', [{ tags: ['x', 'y'] }, { tags: [] }]]],
}

const expectedSecond = {
  ...expectedFirst,
  note: 'a note',
  moment: 'moment:1969-12-31T23:59:59.999000',
  nothing: { p: { x: 2, label: 'q' } },
  numbers: [],
  points: [
    { x: 1, label: 'p' },
    { x: 2, label: null },
  ],
  attributes: [],
  nested: [],
}

interface Found {
  readonly types: Readonly<Record<string, string>>
  readonly duckTypes: Readonly<Record<string, string>>
  readonly rows: readonly unknown[]
  readonly duckRows: readonly Readonly<Record<string, unknown>>[]
  /** Numbers of rows, by pyarrow and by DuckDB. */
  readonly counts: readonly number[]
  readonly rowGroups: number
  readonly metadata: Readonly<Record<string, string>>
}

const codecs: readonly ParquetCodecName[] = ['none', 'snappy', 'gzip', 'brotli', 'lz4', 'zstd', 'lz4_raw']
/** Enough for several pages and for dictionaries that are given up. */
const ROWS = 45_000

let folder: string
let found: Readonly<Record<string, Found>>
const pathOf = (codec: string): string => join(folder, `${codec}.parquet`)
const resultOf = (codec: string): Found => found[pathOf(codec)] as Found

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headrace-parquet-'))
  for (const codec of codecs) await writeFile(pathOf(codec), await fileOf(codec, 2))
  await writeFile(pathOf('many'), await fileOf('snappy', ROWS))
  const args = [...codecs, 'many'].map(pathOf)
  const output = await runPython(readWithOthers, { packages: ['pyarrow', 'duckdb'], args })
  found = JSON.parse(output) as typeof found
})

after(() => rm(folder, { recursive: true, force: true }))

async function fileOf(codec: ParquetCodecName, rows: number): Promise<Buffer> {
  const parts: Buffer[] = []
  const format = parquetFormat({ ...defaultAvroData, codec })
  const encoder = format.open(schema, (bytes) => parts.push(bytes))
  for (let row = 0; row < rows; row++) {
    const value = row % 2 === 0 ? first : second
    encoder.write(rows === 2 ? value : { ...value, whole: row, text: `text ${row}` }, schema)
    if (row === 30_000) await encoder.release()
  }
  await encoder.end()
  return Buffer.concat(parts)
}

for (const codec of codecs) {
  test(`pyarrow reads all values, with the codec ${codec}`, () => {
    assert.deepEqual(resultOf(codec).rows, [expectedFirst, expectedSecond])
  })
}

test('pyarrow sees the logical types, and what is required', () => {
  const { types } = resultOf('snappy')
  const pointType = 'struct<x: int32 not null, label: string>'
  assert.deepEqual(types, {
    tiny: 'int32 required',
    short: 'int32 required',
    whole: 'int32 required',
    long: 'int64 required',
    single: 'float required',
    double: 'double required',
    flag: 'bool required',
    text: 'string required',
    note: 'string',
    raw: 'binary required',
    price: 'decimal128(12, 2) required',
    wide: 'decimal256(64, 4) required',
    day: 'date32[day] required',
    time: 'time32[ms] required',
    moment: 'timestamp[ms, tz=UTC]',
    point: `${pointType} required`,
    nothing: `struct<p: ${pointType} not null>`,
    numbers: 'list<element: int32> required',
    points: `list<element: ${pointType} not null> required`,
    attributes: 'map<string, string> required',
    nested: types['nested'],
  })
  assert.match(
    types['nested'] ?? '',
    /^map<string, list<element: struct<tags: list<element: string not null>/,
  )
})

test('DuckDB reads the same values', () => {
  const { duckTypes, duckRows } = resultOf('zstd')
  assert.equal(duckTypes['price'], 'DECIMAL(12,2)')
  assert.equal(duckTypes['day'], 'DATE')
  assert.equal(duckTypes['time'], 'TIME WITH TIME ZONE')
  assert.equal(duckTypes['moment'], 'TIMESTAMP WITH TIME ZONE')
  assert.equal(duckTypes['numbers'], 'INTEGER[]')
  assert.equal(duckTypes['attributes'], 'MAP(VARCHAR, VARCHAR)')
  const [one, two] = duckRows
  assert.deepEqual(
    [one?.['price'], one?.['day'], one?.['numbers']],
    ['decimal:-1234567890.12', 'date:2024-02-29', [1, null, 3]],
  )
  assert.deepEqual(
    [two?.['moment'], two?.['points']],
    ['moment:1969-12-31T23:59:59.999000', expectedSecond.points],
  )
  assert.deepEqual([one?.['nothing'], two?.['nothing']], [null, { p: { x: 2, label: 'q' } }])
})

test('many pages, row groups and dictionaries are read by both', () => {
  const { rows, duckRows, counts, rowGroups } = resultOf('many')
  assert.equal(rowGroups, 2)
  assert.deepEqual(counts, [ROWS, ROWS])
  for (const [at, row] of [0, 1, 30_000, 30_001, ROWS - 1].entries()) {
    const value = row % 2 === 0 ? expectedFirst : expectedSecond
    assert.deepEqual(rows[at], { ...value, whole: row, text: `text ${row}` })
    assert.deepEqual([duckRows[at]?.['whole'], duckRows[at]?.['text']], [row, `text ${row}`])
  }
})

test('the footer holds the Avro schema for Java programs', () => {
  const avro = JSON.parse(resultOf('none').metadata['parquet.avro.schema'] ?? '{}') as Record<string, unknown>
  assert.deepEqual([avro['name'], avro['namespace']], ['Order', 'com.example'])
})
