import assert from 'node:assert/strict'
import { test } from 'node:test'
import { STRING } from '../../../../../api/index.ts'
import { headersOf } from '../headers.ts'

const read = (value: unknown) => headersOf({ schema: null, value })

test('headers are restored as text, from a list or a struct with a list', () => {
  const headers = [
    { key: 'a', value: '1' },
    { key: 'a', value: '2' },
  ]
  const expected = headers.map((header) => ({ ...header, schema: STRING }))
  assert.deepEqual(read(headers), expected)
  assert.deepEqual(read({ headers }), expected)
  assert.deepEqual(read(null), [])
  assert.equal(read([{ key: 'a', value: null }])[0]?.value, null)
})

test('anything else is refused', () => {
  for (const value of ['text', 5, { other: 1 }, [{ value: 'without key' }], [null]]) {
    assert.throws(() => read(value), { code: 'HR_DATA_INVALID', message: /expected a list of objects/ })
  }
})
