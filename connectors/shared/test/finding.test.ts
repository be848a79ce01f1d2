import assert from 'node:assert/strict'
import { test } from 'node:test'
import { error, info, warning } from '../finding.ts'

test('a finding has the severity of its function', () => {
  for (const [severity, create] of Object.entries({ error, warning, info })) {
    assert.deepEqual(create('slot-missing', 'The slot is missing.', 'Create it.'), {
      id: 'slot-missing',
      severity,
      message: 'The slot is missing.',
      remedy: 'Create it.',
    })
  }
})

test('a finding without a remedy has null', () => {
  for (const create of [error, warning, info]) assert.equal(create('any', 'Any.').remedy, null)
})
