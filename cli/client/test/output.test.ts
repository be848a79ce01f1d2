import assert from 'node:assert/strict'
import { test } from 'node:test'
import { json, printable, printableLines } from '../output.ts'

const RED = '\u001b[31m'

test('control characters are replaced; the lines of a longer text are kept', () => {
  assert.equal(printable(`a\n${RED}b\u009b`), 'a  [31mb ')
  assert.equal(printableLines(`a\n${RED}b`), 'a\n [31mb')
})

test('JSON output has no raw control characters and keeps its meaning', () => {
  const value = { text: `${RED}\u007f\u009b31m` }
  assert.doesNotMatch(json(value), /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/)
  assert.deepEqual(JSON.parse(json(value)), value)
})
