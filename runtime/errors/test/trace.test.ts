import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConnectError } from '../../../api/index.ts'
import { traceOf } from '../trace.ts'

test('the trace of an error starts with its class and message', () => {
  assert.equal(traceOf(new RangeError('too far')).split('\n')[0], 'RangeError: too far')
  const [first] = traceOf(new ConnectError('HR_CONNECT', 'no')).split('\n')
  assert.equal(first, 'org.apache.kafka.connect.errors.ConnectException: no')
})

test('the trace of a value that is not an Error shows the value', () => {
  const circular: { self?: unknown } = {}
  circular.self = circular
  for (const [value, shown] of [
    ['a string', "'a string'"],
    [undefined, 'undefined'],
    [{ code: 7 }, '{ code: 7 }'],
    [circular, '<ref *1> { self: [Circular *1] }'],
  ]) {
    assert.equal(traceOf(value), `Error: thrown value is not an Error: ${String(shown)}`)
  }
  const [, cause] = traceOf(new Error('outer', { cause: 'inner' })).split('\n')
  assert.equal(cause, "Caused by: Error: thrown value is not an Error: 'inner'")
})
