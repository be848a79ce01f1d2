import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LogFields } from '../../../api/index.ts'
import { prettyLine } from '../pretty-line.ts'

const line = { time: 0, level: 'INFO', logger: 'headrace.worker', message: 'hello', fields: {} } as const
const withoutTime = (text: string) => text.replace(/^\d\d:\d\d:\d\d\.\d{3} /, '')

const of = (fields: LogFields) => withoutTime(prettyLine({ ...line, fields }, false))

test('a line names the logger, or the connector and its task', () => {
  assert.equal(of({}), 'INFO  [headrace.worker] hello')
  assert.equal(of({ connector: 'orders' }), 'INFO  [orders] hello')
  assert.equal(of({ connector: 'orders', task: 0 }), 'INFO  [orders-0] hello')
})

test('fields follow the message, and strings with whitespace are quoted', () => {
  const fields = { count: 2, file: '/a', reason: 'not now', none: undefined, list: ['x'] }
  assert.equal(
    withoutTime(prettyLine({ ...line, fields }, false)),
    'INFO  [headrace.worker] hello count=2 file=/a reason="not now" list=["x"]',
  )
})

test('the causes of an error follow its stack', () => {
  const cause = {
    type: 'F',
    message: 'why',
    stack: 'F: why\n at y',
    cause: { type: 'string', message: 'end' },
  }
  const fields = { err: { type: 'E', message: 'm', stack: 'E: m\n at x', cause } }
  assert.equal(
    withoutTime(prettyLine({ ...line, level: 'ERROR', fields }, false)),
    [
      'ERROR [headrace.worker] hello',
      '    E: m',
      '     at x',
      '    Caused by: F: why',
      '     at y',
      '    Caused by: string: end',
    ].join('\n'),
  )
})

test('the stack of an error follows on separate lines', () => {
  const fields = { err: { type: 'E', message: 'm', stack: 'E: m\n at x' }, n: 1 }
  assert.equal(
    withoutTime(prettyLine({ ...line, level: 'ERROR', fields }, false)),
    'ERROR [headrace.worker] hello n=1\n    E: m\n     at x',
  )
})
