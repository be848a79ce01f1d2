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

test('every code has a Java class, an HTTP status and a description', () => {
  for (const code of codes) {
    const { javaClass, http, doc } = errorCodes[code]
    assert.match(code, /^HR_[A-Z_]+$/)
    assert.match(javaClass, /^(?:java|org\.apache\.kafka)\.[\w.]+(?:Exception|Error)$/, code)
    assert.ok(http >= 400 && http < 600, code)
    assert.match(doc, /^[A-Z].*\.$/, code)
  }
})

test('an error has the Java class and the retriable flag of its code', () => {
  const error = new ConnectError('HR_KAFKA_UNAVAILABLE', 'no broker', { configKey: 'k' })

  assert.deepEqual([error.name, error.retriable, error.configKey], ['ConnectError', true, 'k'])
  assert.equal(error.javaClass, 'org.apache.kafka.common.errors.TimeoutException')
  assert.equal(isRetriable(new ConnectError('HR_CONNECT', 'no')), false)
})

test('an error may override its Java class, and keeps its cause', () => {
  const cause = new Error('why')
  const error = new ConnectError('HR_KAFKA_REFUSED', 'no', { javaClass: 'a.B', cause })

  assert.deepEqual([error.javaClass, error.cause], ['a.B', cause])
  assert.equal('cause' in new ConnectError('HR_CONNECT', 'no'), false)
})

test('an error of another copy of this package is a ConnectError', () => {
  const foreign = Object.assign(new Error('x'), { [Symbol.for('headrace.error')]: true, retriable: true })

  assert.ok(isConnectError(foreign) && isRetriable(foreign))
  for (const thing of [new Error('x'), null, undefined, 'text', {}]) {
    assert.ok(!isConnectError(thing) && !isRetriable(thing))
  }
})

test('messageOf accepts any thrown value', () => {
  assert.deepEqual([messageOf(new Error('a')), messageOf('b'), messageOf(undefined)], ['a', 'b', 'undefined'])
})
