import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseVisible } from '../../signals/incremental/visibility.ts'
import { untilVisible } from '../visible.ts'

/** A server that answers with these snapshots, one after the other. */
function serverOf(...snapshots: readonly string[]) {
  const waits: number[] = []
  const stop = new AbortController()
  let queries = 0
  let slow = 0
  const parts = {
    query: () => Promise.resolve([{ visible: snapshots[Math.min(queries++, snapshots.length - 1)] ?? '' }]),
    wait: (ms: number) => {
      waits.push(ms)
      return Promise.resolve()
    },
    signal: stop.signal,
    slow: () => void slow++,
  }
  return { parts, waits, stop, queries: () => queries, slow: () => slow }
}

test('what was seen to be visible stays visible', async () => {
  const { parts, queries } = serverOf()
  const known = parseVisible('100:105:103')
  assert.equal(await untilVisible([99, 102], known, parts), known)
  assert.equal(queries(), 0)
})

test('asks the server without a wait, and waits longer each time', async () => {
  const { parts, waits } = serverOf('100:105:103', '100:105:103', '100:105:103', '104:105:')
  const visible = await untilVisible([103], parseVisible('90:91:'), parts)
  assert.deepEqual(visible, parseVisible('104:105:'))
  assert.deepEqual(waits, [5, 10, 20])
})

test('a long wait is told once', async () => {
  const snapshots = Array.from({ length: 60 }, () => '100:105:103')
  const { parts, slow } = serverOf(...snapshots, '104:105:')
  await untilVisible([103], undefined, parts)
  assert.equal(slow(), 1)
})

test('ends when the task is stopped', async () => {
  const { parts, stop } = serverOf('100:105:103')
  const waiting = untilVisible([103], undefined, {
    ...parts,
    wait: async () => stop.abort(new Error('stopped')),
  })
  await assert.rejects(waiting, /stopped/)
})
