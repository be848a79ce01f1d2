import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readText } from '../../test/columns.ts'
import { textAt } from '../text.ts'

test('decodes text of any length, in ASCII or not', () => {
  const ascii = Array.from({ length: 12 }, (_, length) => 'abcdefghijkl'.slice(0, length))
  const others = ['é', 'aé', 'é€', '🎉', 'aaé', 'abcdefé', 'abcdefgé', '\u007f', '\u0000', 'a'.repeat(1000)]
  for (const text of [...ascii, ...others]) assert.equal(readText({ read: textAt }, text), text)
})
