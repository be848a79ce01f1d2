import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { ownText } from '../own-text.ts'

test('the text is equal, whatever its length and characters', () => {
  for (const text of [
    '',
    'short',
    'a text that is longer',
    '\ud800 alone in a longer text',
    'ü'.repeat(100),
  ]) {
    assert.equal(ownText(text), text)
  }
})

test('a text that was cut out of a long one does not keep it in memory', () => {
  setFlagsFromString('--expose-gc')
  const collectGarbage = runInNewContext('gc') as () => void
  const kept: string[] = []
  collectGarbage()
  const before = process.memoryUsage().heapUsed
  for (let at = 0; at < 100; at++) {
    const long = `${at}`.padEnd(1 << 20, 'x')
    kept.push(ownText(long.slice(0, 20)))
  }
  collectGarbage()
  const grown = process.memoryUsage().heapUsed - before
  assert.equal(kept.length, 100)
  assert.ok(grown < 20 << 20, `${grown} bytes`)
})
