import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fixedRows, separatedRows, wholeRow, type RowSplitter, type Rows } from '../row-splitter.ts'

const texts = ({ bytes, bounds }: Rows): string[] =>
  Array.from({ length: bounds.length / 2 }, (_, at) =>
    bytes.toString('latin1', bounds[at * 2], bounds[at * 2 + 1]),
  )

/** Splits a text that comes in chunks of one size. */
function split(splitter: RowSplitter, text: string, size: number): string[] {
  const rows: string[] = []
  for (let at = 0; at < text.length; at += size)
    rows.push(...texts(splitter.add(Buffer.from(text.slice(at, at + size)))))
  return [...rows, ...texts(splitter.end())]
}

test('rows are the same, wherever chunks end', () => {
  const cases = [
    ['\n', 'a\nbc\n\nd', ['a', 'bc', '', 'd']],
    ['\n', 'a\n', ['a']],
    ['\n', '', []],
    ['\r\n', 'a\r\nb\rc\n\r\nd\r\n', ['a', 'b\rc\n', 'd']],
    ['--', 'a---b--', ['a', '-b']],
    ['---', '-----', ['', '--']],
    ['abcab', 'xabcababcaby', ['x', '', 'y']],
  ] as const
  for (const [separator, text, expected] of cases) {
    const whole = split(separatedRows(Buffer.from(separator), 100), text, 1000)
    assert.deepEqual(whole, expected)
    for (let size = 1; size < 6; size++) {
      assert.deepEqual(
        split(separatedRows(Buffer.from(separator), 100), text, size),
        whole,
        `${text} by ${size}`,
      )
    }
  }
})

test('a row that is too long is refused after the rows before it, also without an end', () => {
  const splitter = separatedRows(Buffer.from('\n'), 10)
  assert.deepEqual(texts(splitter.add(Buffer.from(`a\n${'x'.repeat(11)}`))), ['a'])
  assert.throws(() => splitter.add(Buffer.from('\n')), /longer than 10 bytes/)
  const endless = separatedRows(Buffer.from('\n'), 10)
  endless.add(Buffer.from('x'.repeat(10)))
  assert.throws(() => endless.add(Buffer.from('x')), /longer than 10 bytes/)
})

test('rows of one size may end with a shorter one', () => {
  for (const size of [1, 2, 3, 7, 100]) {
    assert.deepEqual(split(fixedRows(3), 'abcdefgh', size), ['abc', 'def', 'gh'])
    assert.deepEqual(split(fixedRows(3), 'abcdef', size), ['abc', 'def'])
  }
})

test('a whole object is one row, and an empty one has none', () => {
  assert.deepEqual(split(wholeRow(100), 'a\nb', 2), ['a\nb'])
  assert.deepEqual(split(wholeRow(100), '', 2), [])
  assert.throws(() => split(wholeRow(3), 'abcd', 2), /longer than 3 bytes/)
})
