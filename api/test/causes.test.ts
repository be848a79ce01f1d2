import assert from 'node:assert/strict'
import { test } from 'node:test'
import { causesOf, reasonOf, rootCauseOfTrace } from '../causes.ts'
import { ConnectError } from '../errors.ts'

test('causes are listed outermost first, and a cycle of causes ends', () => {
  const inner = new Error('inner')
  const outer = new Error('outer', { cause: inner })
  assert.deepEqual(causesOf(outer), [outer, inner])
  inner.cause = outer
  assert.deepEqual(causesOf(outer), [outer, inner])
})

test('the reason of an AggregateError contains its different errors, three at most', () => {
  const refused = new Error('connect ECONNREFUSED 127.0.0.1:1')
  assert.equal(reasonOf(new AggregateError([refused, new Error('b'), refused])), `${refused.message}; b`)
  const five = ['a', 'b', 'c', 'd', 'e'].map((text) => new Error(text))
  const wrapper = new Error('No connection', { cause: new AggregateError(five, 'all failed') })
  assert.equal(reasonOf(wrapper), 'No connection: all failed: a; b; c; and 2 more')
})

test('a reason contains the message of every cause', () => {
  const cause = new ConnectError('HR_DATA_INVALID', 'Converting failed due to serialization error: ', {
    cause: new SyntaxError("Unrecognized token 'abc'"),
  })
  assert.equal(
    reasonOf(new ConnectError('HR_CONNECT', 'Tolerance exceeded in error handler', { cause })),
    "Tolerance exceeded in error handler: Converting failed due to serialization error: Unrecognized token 'abc'",
  )
})

test('a cause that its wrapper contains is not repeated', () => {
  const cause = new Error('no such file')
  assert.equal(reasonOf(new Error('a.json: no such file', { cause })), 'a.json: no such file')
  assert.equal(reasonOf('thrown text'), 'thrown text')
})

test('the root cause of a trace is its last cause, including traces of Java workers', () => {
  const java = [
    'org.apache.kafka.connect.errors.ConnectException: Tolerance exceeded in error handler',
    '\tat org.apache.kafka.connect.A.b(A.java:1)',
    '\tSuppressed: java.lang.Exception: beside it',
    '\t\tCaused by: java.lang.Exception: cause of what is beside it',
    'Caused by: org.apache.kafka.connect.errors.DataException: Converting failed',
    '\t... 13 more',
    'Caused by: com.fasterxml.jackson.core.JsonParseException: Unrecognized token\r',
    ' at [Source: byte[]]; line: 1',
    '\t... 14 more',
  ]
  assert.equal(
    rootCauseOfTrace(java.join('\n')),
    'com.fasterxml.jackson.core.JsonParseException: Unrecognized token',
  )
  assert.equal(rootCauseOfTrace('Error: alone\n\tat x'), 'Error: alone')
})

test('a wrapper whose message contains its cause and more replaces the cause', () => {
  const trace = (...lines: string[]) => lines.join('\nCaused by: ')
  const created = 'E: Failed to create topic t: factor is invalid (CODE)'
  assert.equal(rootCauseOfTrace(trace('E: Exiting', created, 'Error: factor is invalid')), created)
  const cause = 'org.apache.InvalidFactor: factor is invalid'
  assert.equal(rootCauseOfTrace(trace('E: Exiting', `java.util.ExecutionException: ${cause}`, cause)), cause)
  assert.equal(
    rootCauseOfTrace(trace('E: Exiting', 'java.lang.NullPointerException')),
    'java.lang.NullPointerException',
  )
})
