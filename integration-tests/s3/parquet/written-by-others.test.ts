import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { Decimal, decimalSchema, makeSchema, timestampSchema, type Schema } from '../../../api/index.ts'
import { defaultAvroData } from '../../../connectors/s3/formats/avro/index.ts'
import { parquetReader } from '../../../connectors/s3/formats/parquet/index.ts'
import type { SchemaAndValue } from '../../../connectors/s3/ports.ts'
import { runPython } from '../../services/index.ts'
import { writeWithDuckdb, writeWithPyarrow } from './programs.ts'

const packages = ['pyarrow', 'duckdb']
const at = new Date('2024-02-29T12:34:56.789Z')
const time = new Date(45_296_789)
const old = new Date('1903-01-02T03:04:05.006Z')
const epoch = new Date(0)

/** The rows of each file, which repeat. Times and timestamps are rounded down to milliseconds. */
const full = {
  i8: 127,
  u8: 255,
  i16: 32_767,
  u16: 65_535,
  i32: 2_147_483_647,
  u32: 4_294_967_295,
  i64: 9_223_372_036_854_775_807n,
  u64: new Decimal(18_446_744_073_709_551_615n, 0),
  f16: 1.5,
  f32: 1.5,
  f64: 0.1,
  flag: true,
  text: 'ü😀',
  raw: Buffer.from([0, 255]),
  fixed: Buffer.from('abcd'),
  day: new Date('2024-02-29'),
  time_ms: time,
  time_us: time,
  time_ns: time,
  ts_us: at,
  ts_ns: at,
  ts_zone: at,
  dec9: new Decimal(123_456_789n, 2),
  dec18: new Decimal(123_456_789_012_345_678n, 3),
  dec38: new Decimal(12_345_678_901_234_567_890_123_456_780_123_456_789n, 10),
  chosen: 'red',
  numbers: [1, null, 3],
  matrix: [[1], [], null, [2, 3]],
  pair: { n: 1, t: 'a' },
  pairs: [{ n: 1, t: 'a' }, null],
  map: new Map([
    ['a', [1]],
    ['b', null],
  ]),
  days: new Map([[1, { n: 5, t: 'x' }]]),
}
const empty = Object.fromEntries(Object.keys(full).map((name) => [name, null]))
const low = {
  i8: -128,
  u8: 0,
  i16: -32_768,
  u16: 0,
  i32: -2_147_483_648,
  u32: 0,
  i64: -5,
  u64: new Decimal(0n, 0),
  f16: -0.25,
  f32: Infinity,
  f64: -0,
  flag: false,
  text: '',
  raw: Buffer.alloc(0),
  fixed: Buffer.from([0, 1, 2, 3]),
  day: new Date('1969-12-31'),
  time_ms: epoch,
  time_us: epoch,
  time_ns: epoch,
  ts_us: old,
  ts_ns: old,
  ts_zone: old,
  dec9: new Decimal(-1n, 2),
  dec18: new Decimal(-1n, 3),
  dec38: new Decimal(-10_000_000_000n, 10),
  chosen: 'blue',
  numbers: [],
  matrix: [[]],
  pair: { n: null, t: null },
  pairs: [{ n: 2, t: null }],
  map: new Map(),
  days: new Map(),
}
/** Columns that files of old versions and with INT96 do not have. */
const newer = ['f16', 'ts_ns', 'time_ns']
const ways = [
  'default',
  'v2-pages',
  'v2-pages-snappy',
  'no-dictionary',
  'small-pages',
  'deltas',
  'deltas-v2',
  'decimals-as-integers',
  'checksums',
  'int96',
  'old-version',
]

let folder: string
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headrace-parquet-'))
  const output = await runPython(writeWithPyarrow, { packages, args: [folder] })
  assert.deepEqual(output.trim().split('\n'), ways)
  await runPython(writeWithDuckdb, { packages, args: [join(folder, 'duckdb.parquet')] })
})
after(() => rm(folder, { recursive: true, force: true }))

async function read(name: string, skip = 0): Promise<SchemaAndValue[]> {
  const bytes = await readFile(join(folder, `${name}.parquet`))
  const object = {
    key: name,
    size: bytes.length,
    range: async (start: number, end: number) => bytes.subarray(start, end),
    async *stream(from: number) {
      yield bytes.subarray(from)
    },
  }
  const values: SchemaAndValue[] = []
  const { signal } = new AbortController()
  for await (const batch of parquetReader(defaultAvroData).read(object, skip, signal)) values.push(...batch)
  return values
}

function expectedRow(row: number, name: string): Record<string, unknown> {
  const value: Record<string, unknown> = { ...([full, empty, low][row % 3] as object), row }
  if (name === 'int96' || name === 'old-version') for (const column of newer) delete value[column]
  return value
}

for (const name of ways) {
  test(`a file of pyarrow is read: ${name}`, async () => {
    const found = await read(name)
    assert.equal(found.length, 2100)
    for (const [row, { value }] of found.entries())
      assert.deepEqual(value, expectedRow(row, name), `row ${row}`)
  })
}

test('values of a file with many pages are skipped', async () => {
  const found = await read('small-pages', 1234)
  assert.equal(found.length, 2100 - 1234)
  assert.deepEqual(found[0]?.value, expectedRow(1234, 'small-pages'))
})

test('the schema has the types of the columns', async () => {
  const [{ schema } = { schema: null }] = await read('default')
  const fieldSchema = (name: string): Schema | undefined => schema?.field(name)?.schema
  const parameters = { 'connect.decimal.precision': '18' }
  assert.equal(fieldSchema('dec18'), decimalSchema(3, { optional: true, parameters }))
  assert.equal(fieldSchema('ts_ns'), timestampSchema({ optional: true }))
  assert.equal(fieldSchema('u32'), makeSchema({ type: 'int64', optional: true }))
  assert.equal(fieldSchema('days')?.keySchema?.type, 'int32')
})

test('a file of DuckDB is read', async () => {
  const found = await read('duckdb')
  assert.equal(found.length, 200)
  assert.deepEqual(found[5]?.value, {
    id: 5,
    text: 'text 5',
    price: new Decimal(125n, 2),
    day: new Date('2024-01-06'),
    moment: new Date('2024-01-01T00:00:00.5Z'),
    time: new Date(3_723_004),
    uuid: '00112233-4455-6677-8899-aabbccddeeff',
    list: [5, null],
    struct: { a: false },
    map: new Map([['k', 5]]),
    small: 5,
  })
})
