import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Row } from '../../ports.ts'
import { emptyRow, splitRow } from '../copy-rows.ts'

function cells(row: Row): (string | null)[] {
  return Array.from({ length: row.count }, (_, index) => {
    const start = row.starts[index] ?? 0
    return start < 0 ? null : row.bytes.toString('utf8', start, row.ends[index])
  })
}

function split(line: string, columns: number): (string | null)[] {
  const bytes = Buffer.from(`before${line}after`)
  const row = emptyRow(columns)
  splitRow(bytes, 6, 6 + Buffer.byteLength(line), row)
  assert.equal(row.bytes, bytes)
  assert.equal(bytes.toString('utf8', 0, 6), 'before')
  assert.equal(bytes.toString('utf8', bytes.length - 5), 'after')
  return cells(row)
}

test('cells are separated by tabs, and may be empty', () => {
  assert.deepEqual(split('1\ttwo\tünï\n', 3), ['1', 'two', 'ünï'])
  assert.deepEqual(split('\t\t\n', 3), ['', '', ''])
  assert.deepEqual(split('\n', 1), [''])
})

test('a table without columns has rows without cells', () => {
  assert.deepEqual(split('\n', 0), [])
})

test('NULL differs from the text N and from an escaped backslash with N', () => {
  assert.deepEqual(split('\\N\tN\t\\\\N\t\\N\n', 4), [null, 'N', '\\N', null])
})

test('escapes are resolved in every position of a cell', () => {
  assert.deepEqual(split('a\\tb\t\\n\\r\\b\\f\\v\t\\\\\tend\\\\\n', 4), ['a\tb', '\n\r\b\f\v', '\\', 'end\\'])
  assert.deepEqual(split('\\t\t\\\\N\\\\\t\n', 3), ['\t', '\\N\\', ''])
  assert.deepEqual(split('\\Nx\n', 1), ['Nx'])
})

test('one row serves lines with and without NULL', () => {
  const row = emptyRow(2)
  for (const [line, expected] of [
    ['\\N\t1\n', [null, '1']],
    ['2\t\\N\n', ['2', null]],
    ['3\t4\n', ['3', '4']],
  ] as const) {
    const bytes = Buffer.from(line)
    splitRow(bytes, 0, bytes.length, row)
    assert.deepEqual(cells(row), expected)
  }
})

test('a line with another number of cells is rejected', () => {
  assert.throws(() => split('1\t2\n', 3), { code: 'HR_DATA_INVALID', message: /2 columns, expected 3/ })
  assert.throws(() => split('1\t2\t3\n', 2), { code: 'HR_DATA_INVALID', message: /more than 2 columns/ })
  assert.throws(() => split('1\t\\N\t3\n', 1), { code: 'HR_DATA_INVALID' })
})
