import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PrimitiveType } from '../../schema/parquet-type.ts'
import { ByteSink } from '../byte-sink.ts'
import { ColumnValues } from '../column-values.ts'
import { valueKindOf, type Physical } from '../value-kinds.ts'

const typeOf = (physical: PrimitiveType['physical'], kind?: 'STRING'): PrimitiveType => ({
  name: 'c',
  repetition: 'REQUIRED',
  annotation: kind === undefined ? null : { kind },
  physical,
  length: 0,
})

function filled(type: PrimitiveType, values: Iterable<Physical>): ColumnValues<Physical> {
  const column = new ColumnValues(valueKindOf(type))
  for (const value of values) column.add(value)
  return column
}

function pageOf(column: ColumnValues<Physical>) {
  const out = new ByteSink()
  const encoding = column.takePage(out)
  return { encoding, bytes: out.copy() }
}

const text = typeOf('BYTE_ARRAY', 'STRING')

test('values that repeat are stored once, in a dictionary', () => {
  const column = filled(
    text,
    Array.from({ length: 1000 }, (_, at) => ['red', 'green'][at % 2] as string),
  )
  const page = pageOf(column)
  assert.equal(page.encoding, 'RLE_DICTIONARY')
  assert.ok(page.bytes.length < 150)
  const dictionary = column.dictionaryPage()
  assert.deepEqual([dictionary?.count, dictionary?.bytes.toString()], [2, '\x03\0\0\0red\x05\0\0\0green'])
})

test('values that do not repeat are stored as they are', () => {
  const values = Array.from({ length: 10_000 }, (_, at) => at)
  const column = filled(typeOf('INT32'), values)
  const page = pageOf(column)
  assert.equal(page.encoding, 'PLAIN')
  assert.equal(page.bytes.length, 40_000)
  assert.deepEqual([page.bytes.readInt32LE(0), page.bytes.readInt32LE(39_996)], [0, 9999])
  assert.equal(column.dictionaryPage(), undefined)
})

test('a dictionary that is full stays for the pages that use it, and later ones are plain', () => {
  const column = new ColumnValues(valueKindOf(text))
  const value = (at: number) => `${'x'.repeat(1000)}${at}`
  let at = 0
  while (!column.mustEnd) column.add(value(at++ >> 1))
  assert.equal(pageOf(column).encoding, 'RLE_DICTIONARY')
  column.add(value(0))
  const next = pageOf(column)
  assert.deepEqual([next.encoding, next.bytes.length], ['PLAIN', 1005])
  assert.ok((column.dictionaryPage()?.bytes.length ?? 0) >= 1 << 20)
})

test('zeros keep their sign in a dictionary, and NaN is one value', () => {
  const values = Array.from({ length: 400 }, (_, at) => [0, -0, Number.NaN, 1][at % 4] as number)
  const column = filled(typeOf('DOUBLE'), values)
  assert.equal(pageOf(column).encoding, 'RLE_DICTIONARY')
  const { bytes, count } = column.dictionaryPage() ?? { bytes: Buffer.alloc(0), count: 0 }
  const entries = Array.from({ length: count }, (_, at) => bytes.readDoubleLE(at * 8))
  assert.deepEqual(entries, [0, -0, Number.NaN, 1])
})

test('booleans are packed into bits', () => {
  const column = filled(typeOf('BOOLEAN'), [true, false, true, true, false, false, false, false, true])
  assert.deepEqual([...pageOf(column).bytes], [0b1101, 1])
})

test('the bounds are those of all values, in the order of the type', () => {
  const boundsOf = (type: PrimitiveType, values: readonly Physical[]) => filled(type, values).bounds()
  const longs = boundsOf(typeOf('INT64'), [5, -(2n ** 63n), 2n ** 62n, 7])
  assert.deepEqual([longs?.min.readBigInt64LE(), longs?.max.readBigInt64LE()], [-(2n ** 63n), 2n ** 62n])
  const doubles = boundsOf(typeOf('DOUBLE'), [Number.NaN, 0, 3])
  assert.ok(Object.is(doubles?.min.readDoubleLE(), -0))
  assert.equal(doubles?.max.readDoubleLE(), 3)
  // U+FF5E is before U+1F600 in UTF-8, and behind it in UTF-16.
  const texts = boundsOf(text, ['\u{1F600}', '\uff5e', 'a'])
  assert.deepEqual([texts?.min.toString(), texts?.max.toString()], ['a', '\u{1F600}'])
  assert.equal(boundsOf(text, ['x'.repeat(300)]), undefined)
  assert.equal(boundsOf(typeOf('DOUBLE'), [Number.NaN]), undefined)
})
