import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nonDuplicateValues } from '../valid-list.ts'

for (const [value, mayBeEmpty, fault] of [
  [['a', 'b'], false, undefined],
  [[], true, undefined],
  [[], false, "Configuration 'k' must not be empty. Valid values include: any non-empty value"],
  [['a', 'a'], true, "Configuration 'k' values must not be duplicated."],
  [['a', ''], true, "Configuration 'k' values must not be empty."],
  [null, true, "Configuration 'k' values must not be null."],
] as const) {
  test(`the list ${JSON.stringify(value)} is ${fault === undefined ? 'valid' : 'invalid'} where it may ${mayBeEmpty ? '' : 'not '}be empty`, () => {
    assert.equal(nonDuplicateValues(mayBeEmpty).check?.('k', value as never), fault)
  })
}
