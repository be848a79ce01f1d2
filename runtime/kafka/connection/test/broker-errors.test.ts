import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConnectError } from '../../../../api/index.ts'
import { brokerError, isRequestTimeout, kafkaFailure } from '../broker-errors.ts'

const withFields = (message: string, fields: object): Error => Object.assign(new Error(message), fields)

test('only network errors and those that kafkajs marks as retriable are retriable', () => {
  const cases: readonly (readonly [unknown, string])[] = [
    [withFields('Closed connection', { retriable: true }), 'HR_KAFKA_UNAVAILABLE'],
    [withFields('connect ECONNREFUSED', { code: 'ECONNREFUSED' }), 'HR_KAFKA_UNAVAILABLE'],
    [withFields('getaddrinfo ENOTFOUND', { code: 'ENOTFOUND' }), 'HR_KAFKA_UNAVAILABLE'],
    [
      withFields('SASL PLAIN authentication failed: Connection closed by the server', { retriable: false }),
      'HR_KAFKA_UNAVAILABLE',
    ],
    [
      withFields('SASL PLAIN authentication failed: Invalid username', { retriable: false }),
      'HR_KAFKA_REFUSED',
    ],
    [
      withFields('not the leader', { type: 'NOT_LEADER_FOR_PARTITION', retriable: true }),
      'HR_KAFKA_UNAVAILABLE',
    ],
    [withFields('denied', { type: 'TOPIC_AUTHORIZATION_FAILED', retriable: false }), 'HR_KAFKA_REFUSED'],
    [new TypeError('x is not a function'), 'HR_CONNECT'],
    [withFields('out of range', { code: 'ERR_OUT_OF_RANGE' }), 'HR_CONNECT'],
    [new Error('whatever'), 'HR_CONNECT'],
    ['a text', 'HR_CONNECT'],
    [undefined, 'HR_CONNECT'],
  ]
  for (const [error, code] of cases) assert.equal(kafkaFailure(error, 'do it').code, code, String(error))
})

test('the message of an unexpected error contains its name, and its cause is kept', () => {
  const cause = new TypeError('x is not a function')
  const failure = kafkaFailure(cause, 'send Produce')

  assert.equal(failure.message, 'Failed to send Produce: unexpected TypeError: x is not a function')
  assert.equal(failure.cause, cause)
})

test('a ConnectError passes through', () => {
  const error = new ConnectError('HR_RETRIABLE', 'later')

  assert.equal(kafkaFailure(error, 'do it'), error)
})

test('an error of a broker has the class of Java', () => {
  const classOf = (code: number) => brokerError(code, 'write').javaClass

  assert.equal(classOf(10), 'org.apache.kafka.common.errors.RecordTooLargeException')
  assert.equal(classOf(29), 'org.apache.kafka.common.errors.TopicAuthorizationException')
})

test('a request that timed out is recognized, wrapped or not', () => {
  const timeout = withFields('timed out', { name: 'KafkaJSRequestTimeoutError', retriable: true })

  assert.equal(isRequestTimeout(timeout), true)
  assert.equal(isRequestTimeout(kafkaFailure(timeout, 'send')), true)
  assert.equal(isRequestTimeout(new Error('timed out')), false)
})
