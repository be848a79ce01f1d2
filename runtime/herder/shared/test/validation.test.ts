import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withChanges, withName } from '../validation.ts'

test('a config without a name gets that of its connector, and another name is rejected', () => {
  assert.deepEqual(withName('c', { a: '1' }), { a: '1', name: 'c' })
  assert.deepEqual(withName('c', { name: null }), { name: 'c' })
  assert.deepEqual(withName('c', { name: 'c' }), { name: 'c' })
  assert.throws(() => withName('c', { name: 'd' }), {
    code: 'HR_BAD_REQUEST',
    message: "Connector name configuration (d) doesn't match connector name in the URL (c)",
  })
})

test('changes replace, add and remove settings, and ignore inherited properties', () => {
  assert.deepEqual(withChanges({ a: '1', b: '2', c: '3' }, { b: '4', c: null, d: '5', e: null }), {
    a: '1',
    b: '4',
    d: '5',
  })
  const changed = withChanges({}, JSON.parse('{"__proto__":"x"}'))
  assert.deepEqual(Object.keys(changed), ['__proto__'])
})
