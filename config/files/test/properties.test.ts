import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseProperties } from '../properties.ts'

const read = (text: string) => parseProperties(text).map(({ key, value, line }) => [line, key, value])

test('a key ends at =, : or whitespace, and whitespace around the separator is dropped', () => {
  assert.deepEqual(read('a=1\nb : 2\nc\t3\n  d = = 4 \ne\n'), [
    [1, 'a', '1'],
    [2, 'b', '2'],
    [3, 'c', '3'],
    [4, 'd', '= 4 '],
    [5, 'e', ''],
  ])
})

test('comments and blank lines are skipped but counted', () => {
  assert.deepEqual(read('# one\n\n  ! two\na=1\r\n\r\nb=2'), [
    [4, 'a', '1'],
    [6, 'b', '2'],
  ])
})

test('a line that ends with a backslash continues on the next line', () => {
  assert.deepEqual(read('a=1,\\\n   2,\\\n   3\nb=4\\\\\nc=5'), [
    [1, 'a', '1,2,3'],
    [4, 'b', '4\\'],
    [5, 'c', '5'],
  ])
})

test('escapes are decoded in keys and values', () => {
  assert.deepEqual(read('a\\ b\\=c=\\t\\u00e4\\x'), [[1, 'a b=c', '\täx']])
})

test('a line with only a backslash is ignored', () => {
  assert.deepEqual(read('\\\n\na=1'), [[3, 'a', '1']])
})

test('a Unicode escape needs four hexadecimal digits, as in Java', () => {
  for (const text of ['a=1\nb=\\u12', 'a=1\nb=\\u00g1']) {
    assert.throws(() => parseProperties(text, 'w.properties'), {
      code: 'HR_CONFIG_INVALID',
      message: /^w\.properties:2: Malformed \\uxxxx encoding/,
    })
  }
})
