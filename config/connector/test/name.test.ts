import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nameFault } from '../name.ts'

test('usual connector names, and those with spaces and letters beyond ASCII, can be addressed', () => {
  for (const name of ['orders', 'a b', 'ü-🚀', 'a;b?c#d', '...']) assert.equal(nameFault(name), undefined)
})

test('the fault of a connector name shows the character that a path cannot contain', () => {
  assert.equal(nameFault('a/b'), "its name contains '/'")
  assert.equal(nameFault('a\\b'), "its name contains '\\'")
  assert.equal(nameFault('100%'), "its name contains '%'")
  assert.equal(nameFault('a\u001bb'), 'its name contains U+001B')
  assert.equal(nameFault('a\u007f'), 'its name contains U+007F')
  assert.equal(nameFault('a\ud800'), 'its name contains the unpaired surrogate U+D800')
  assert.equal(nameFault('..'), "its name is '..'")
  assert.equal(nameFault(''), 'its name is empty')
})
