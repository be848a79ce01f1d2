import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Limiter } from '../limiter.ts'

const { signal } = new AbortController()

/** Work that ends when it is released, in order of the starts. */
function works() {
  const started: string[] = []
  const releases: (() => void)[] = []
  const work = (name: string) => () =>
    new Promise<void>((resolve) => {
      started.push(name)
      releases.push(resolve)
    })
  const release = async () => {
    releases.shift()?.()
    await new Promise(setImmediate)
  }
  return { started, work, release }
}

test('only so many run at a time, in order of the calls', async () => {
  const { started, work, release } = works()
  const limiter = new Limiter(2, 1000)
  const all = ['a', 'b', 'c', 'd'].map((name) => limiter.run(1, signal, work(name)))
  await new Promise(setImmediate)
  assert.deepEqual(started, ['a', 'b'])
  await release()
  assert.deepEqual(started, ['a', 'b', 'c'])
  for (let count = 0; count < 3; count++) await release()
  await Promise.all(all)
})

test('bytes are limited, and a larger body runs alone', async () => {
  const { started, work, release } = works()
  const limiter = new Limiter(10, 100)
  const all = [
    limiter.run(60, signal, work('a')),
    limiter.run(60, signal, work('b')),
    limiter.run(500, signal, work('large')),
    limiter.run(1, signal, work('small')),
  ]
  await new Promise(setImmediate)
  assert.deepEqual(started, ['a'])
  await release()
  assert.deepEqual(started, ['a', 'b'])
  await release()
  assert.deepEqual(started, ['a', 'b', 'large'])
  await release()
  await release()
  await Promise.all(all)
})

test('a failure gives its room back, and a wait can be aborted', async () => {
  const { started, work, release } = works()
  const limiter = new Limiter(1, 100)
  await assert.rejects(
    limiter.run(1, signal, () => Promise.reject(new Error('failed'))),
    /failed/,
  )
  const first = limiter.run(1, signal, work('first'))
  const stop = new AbortController()
  const waiting = limiter.run(1, stop.signal, work('never'))
  const next = limiter.run(1, signal, work('next'))
  stop.abort(new Error('stopped'))
  await assert.rejects(waiting, /stopped/)
  await release()
  assert.deepEqual(started, ['first', 'next'])
  await release()
  await Promise.all([first, next])
  await assert.rejects(limiter.run(1, stop.signal, work('never')), /stopped/)
})

test('without a limit of bytes, only the number counts', async () => {
  const { started, work, release } = works()
  const limiter = new Limiter(2)
  const all = ['a', 'b', 'c'].map((name) => limiter.run(1e15, signal, work(name)))
  await new Promise(setImmediate)
  assert.deepEqual(started, ['a', 'b'])
  for (let count = 0; count < 3; count++) await release()
  await Promise.all(all)
})
