import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConnectError, Secret } from '../../../api/index.ts'
import { LogLevels } from '../log-levels.ts'
import { LoggerFactory, type LogLine } from '../logger.ts'

function openLogger() {
  const lines: LogLine[] = []
  const levels = new LogLevels('INFO')
  const factory = new LoggerFactory(levels, (line) => lines.push(line))
  return { lines, levels, log: factory.logger('a.b', { connector: 'c', task: 1 }) }
}

test('a line has its logger, level and fields, those of the logger first', () => {
  const { lines, log } = openLogger()
  log.warn('careful', { task: 2, x: 'y' })

  assert.deepEqual(
    lines.map(({ level, logger, message, fields }) => ({ level, logger, message, fields })),
    [{ level: 'WARN', logger: 'a.b', message: 'careful', fields: { connector: 'c', task: 2, x: 'y' } }],
  )
})

test('lines below the level are not logged, and the level can change', () => {
  const { lines, log, levels } = openLogger()
  log.debug('unheard')
  levels.set('a', 'DEBUG', 1)
  log.debug('heard')
  log.trace('unheard')

  assert.deepEqual(
    lines.map(({ message }) => message),
    ['heard'],
  )
})

test('errors are converted to data that can be sent between processes', () => {
  const { lines, log } = openLogger()
  log.error('failed', { err: new ConnectError('HR_DATA_INVALID', 'bad'), other: new RangeError('far') })
  const { err, other } = structuredClone(lines[0]?.fields) as Record<string, Record<string, string>>

  assert.deepEqual(
    [err?.['type'], err?.['message']],
    ['org.apache.kafka.connect.errors.DataException', 'bad'],
  )
  assert.deepEqual([other?.['type'], other?.['message']], ['RangeError', 'far'])
  assert.match(err?.['stack'] ?? '', /logger\.test/)
})

test('an error keeps its causes', () => {
  const { lines, log } = openLogger()
  const cause = new Error('boom', { cause: 'a text' })
  log.error('failed', { err: new ConnectError('HR_CONNECT', 'Exiting', { cause }) })
  const { err } = structuredClone(lines[0]?.fields) as { err: { cause: Record<string, unknown> } }

  const { type, message, stack, cause: inner } = err.cause
  assert.deepEqual([type, message], ['Error', 'boom'])
  assert.match(String(stack), /logger\.test/)
  assert.deepEqual(inner, { type: 'string', message: 'a text' })
})

test('a secret is hidden at any place in a line', () => {
  const { lines, log } = openLogger()
  const secret = new Secret('hunter2')
  log.info('connecting', { password: secret, props: { list: [secret], n: 1 } })

  assert.deepEqual(structuredClone(lines[0]?.fields), {
    connector: 'c',
    task: 1,
    password: '[hidden]',
    props: { list: ['[hidden]'], n: 1 },
  })
})

test('fields that cannot be sent between processes are converted to strings', () => {
  const { lines, log } = openLogger()
  const circle: Record<string, unknown> = {}
  circle['self'] = circle
  log.info('odd', { big: 2n ** 64n, when: new Date(0), f: () => 1, circle })

  const fields = structuredClone(lines[0]?.fields)
  assert.equal(fields?.['big'], '18446744073709551616')
  assert.equal(fields?.['when'], '1970-01-01T00:00:00.000Z')
  assert.doesNotThrow(() => JSON.stringify(fields))
})
