import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LogLevels, parseLogLevel } from '../log-levels.ts'

/** Creates levels with registered loggers of these names. */
function levelsWith(...names: string[]): LogLevels {
  const levels = new LogLevels('INFO')
  for (const name of names) levels.register(name)
  return levels
}

test('a logger inherits the level of its nearest ancestor with a level', () => {
  const levels = levelsWith('a.b.c')
  levels.set('a', 'DEBUG', 5)

  assert.deepEqual(
    [levels.enabled('a.b.c', 'DEBUG'), levels.enabled('a.b.c', 'TRACE'), levels.enabled('z', 'DEBUG')],
    [true, false, false],
  )
  assert.equal(levels.get('a.b.c')?.level, 'DEBUG')
})

test('a logger is unknown until it is registered or set', () => {
  const levels = levelsWith()
  assert.equal(levels.get('a'), undefined)

  levels.register('a')
  assert.deepEqual(levels.get('a'), { level: 'INFO', lastModified: null })
  levels.set('b', 'WARN', 7)
  assert.deepEqual(levels.get('b'), { level: 'WARN', lastModified: 7 })
})

test('setting a level changes the descendants of the logger, and loggers whose name starts with its name', () => {
  const levels = levelsWith('org.foo.x', 'org.foobar', 'org.other')

  assert.deepEqual(levels.set('org.foo', 'TRACE', 1), ['org.foo', 'org.foo.x'])
  levels.set('org.foobar', 'ERROR', 2)
  assert.deepEqual(levels.set('org.foo', 'WARN', 3), ['org.foo', 'org.foo.x', 'org.foobar'])
  assert.equal(levels.get('org.other')?.level, 'INFO')
})

test('both names of the root logger set the level of all loggers', () => {
  for (const root of ['root', 'ROOT', '']) {
    const levels = levelsWith('a.b')
    levels.set('a', 'ERROR', 1)
    levels.set(root, 'TRACE', 2)

    assert.ok(levels.enabled('a.b', 'TRACE') && levels.enabled('anything', 'TRACE'), root)
  }
})

test('setting the current level changes nothing', () => {
  const levels = levelsWith('a')
  levels.set('a', 'WARN', 1)

  assert.deepEqual(levels.set('a', 'WARN', 2), [])
  assert.deepEqual(levels.get('a'), { level: 'WARN', lastModified: 1 })
})

test('loggers that are off are not listed', () => {
  const levels = levelsWith('b', 'a')
  levels.set('b', 'OFF', 1)

  assert.deepEqual(
    levels.entries().map(([name]) => name),
    ['a', 'root'],
  )
})

test('all levels are copied to another process', () => {
  const levels = levelsWith('a')
  levels.set('a', 'TRACE', 1)
  const other = levelsWith('a', 'b')
  other.set('b', 'ERROR', 1)
  assert.equal(other.enabled('a', 'TRACE'), false)
  other.replaceAll(levels.export())

  assert.deepEqual([other.enabled('a', 'TRACE'), other.enabled('b', 'INFO')], [true, true])
})

test('levels are case-insensitive', () => {
  assert.deepEqual(['debug', ' Warn ', 'FATAL', 'loud', ''].map(parseLogLevel), [
    'DEBUG',
    'WARN',
    'FATAL',
    undefined,
    undefined,
  ])
})

test('a logger that is off and stays off counts as changed, as in Java', () => {
  const levels = new LogLevels('INFO')

  assert.deepEqual(levels.set('a', 'OFF', 1), ['a'])
  assert.deepEqual(levels.set('a', 'OFF', 2), ['a'])
})
