import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readText } from '../../test/columns.ts'
import { textAt } from '../text.ts'

test('decodes text of any length, in ASCII or not', () => {
  const texts = [
    '',
    'a',
    'ab',
    'abc',
    'abcd',
    'abcde',
    'é',
    'aé',
    'é€',
    '🎉',
    'aaé',
    '\u007f',
    '\u0000',
    'a'.repeat(1000),
  ]
  for (const text of texts) assert.equal(readText({ read: textAt }, text), text)
})
