import assert from 'node:assert/strict'
import { test } from 'node:test'
import { refuseInvalid } from '../config-infos.ts'

test('the error for invalid settings contains all their errors', () => {
  const infos = { name: 'c', error_count: 0, groups: [], configs: [] }
  refuseInvalid(infos)
  assert.throws(() => refuseInvalid({ ...infos, error_count: 2 }), {
    code: 'HR_BAD_REQUEST',
    message: /contains the following 2 error\(s\):/,
  })
})
