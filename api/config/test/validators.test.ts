import assert from 'node:assert/strict'
import { test } from 'node:test'
import { between, invalidValue, nonEmpty, nonEmptyList, oneOf, oneOfIgnoringCase } from '../validators.ts'

test('validators return the messages of Kafka', () => {
  assert.equal(between(1).check('k', 0), 'Invalid value 0 for configuration k: Value must be at least 1')
  assert.equal(
    between(0, 9).check('k', 10),
    'Invalid value 10 for configuration k: Value must be no more than 9',
  )
  assert.equal(between(1).check('k', null), 'Invalid value null for configuration k: Value must be non-null')
  assert.equal(
    oneOf('a', 'b').check('k', 'c'),
    'Invalid value c for configuration k: String must be one of: a, b',
  )
  assert.equal(
    oneOfIgnoringCase('none', 'all').check('k', 'x'),
    'Invalid value x for configuration k: String must be one of (case insensitive): NONE, ALL',
  )
  assert.equal(nonEmpty.check('k', ''), 'Invalid value  for configuration k: String must be non-empty')
  assert.equal(nonEmptyList.check('k', []), 'Invalid value [] for configuration k: Empty list')
})

test('validators accept valid values', () => {
  for (const problem of [
    between(1, 9).check('k', 9),
    oneOf('a').check('k', 'a'),
    oneOfIgnoringCase('none').check('k', 'NoNe'),
    nonEmpty.check('k', null),
    nonEmptyList.check('k', ['a']),
  ]) {
    assert.equal(problem, undefined)
  }
})

test('the JSON Schema pattern of a case-insensitive validator ignores case', () => {
  const { pattern } = oneOfIgnoringCase('none', 'all').jsonSchema as { pattern: string }

  assert.ok(['none', 'ALL', 'nOnE'].every((text) => new RegExp(pattern).test(text)))
  assert.ok(!new RegExp(pattern).test('nones'))
})

test('lists are formatted as in Java', () => {
  assert.equal(invalidValue('k', ['a', 'b'], 'why'), 'Invalid value [a, b] for configuration k: why')
  assert.equal(invalidValue('k', 5), 'Invalid value 5 for configuration k')
})
