import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  ConnectError,
  errorCodes,
  isConnectError,
  isRetriable,
  messageOf,
  type ErrorCode,
} from '../errors.ts'

const codes = Object.keys(errorCodes) as ErrorCode[]

test('every code has a Java class, a REST status and a sentence that explains it', () => {
  for (const code of codes) {
    const { javaClass, http, doc } = errorCodes[code]
    assert.match(code, /^HR_[A-Z_]+$/)
    assert.match(javaClass, /^(?:java|org\.apache\.kafka)\.[\w.]+(?:Exception|Error)$/, code)
    assert.ok(http >= 400 && http < 600, code)
    assert.match(doc, /^[A-Z].*\.$/, code)
  }
})

test('an error has the class and the retriability of its code', () => {
  const error = new ConnectError('HR_KAFKA_UNAVAILABLE', 'no broker', { configKey: 'k' })

  assert.deepEqual([error.name, error.retriable, error.configKey], ['ConnectError', true, 'k'])
  assert.equal(error.javaClass, 'org.apache.kafka.common.errors.TimeoutException')
  assert.equal(isRetriable(new ConnectError('HR_CONNECT', 'no')), false)
})

test('an error may name a narrower Java class, and keeps its cause', () => {
  const cause = new Error('why')
  const error = new ConnectError('HR_KAFKA_REFUSED', 'no', { javaClass: 'a.B', cause })

  assert.deepEqual([error.javaClass, error.cause], ['a.B', cause])
  assert.equal('cause' in new ConnectError('HR_CONNECT', 'no'), false)
})

test('an error of another copy of this package is one of ours', () => {
  const foreign = Object.assign(new Error('x'), { [Symbol.for('headrace.error')]: true, retriable: true })

  assert.ok(isConnectError(foreign) && isRetriable(foreign))
  for (const thing of [new Error('x'), null, undefined, 'text', {}]) {
    assert.ok(!isConnectError(thing) && !isRetriable(thing))
  }
})

test('anything that is thrown has a text', () => {
  assert.deepEqual([messageOf(new Error('a')), messageOf('b'), messageOf(undefined)], ['a', 'b', 'undefined'])
})
