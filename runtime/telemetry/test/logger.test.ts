import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConnectError } from '../../../api/index.ts'
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

test('lines below the level are not made, and the level can change', () => {
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

test('errors become data that can cross between processes', () => {
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
