import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eachInParallel } from '../in-parallel.ts'

const { signal } = new AbortController()

test('the first failure aborts the others, and all have ended then', async () => {
  const ended: number[] = []
  const all = eachInParallel([1, 2, 3, 4, 5], 3, signal, async (item, each) => {
    if (item === 2) throw new Error('second failed')
    await new Promise<void>((resolve) => each.addEventListener('abort', () => resolve(), { once: true }))
    ended.push(item)
  })
  await assert.rejects(all, /second failed/)
  assert.deepEqual(new Set(ended), new Set([1, 3]))
})

test('an abort from outside reaches the work, and nothing more is begun', async () => {
  const stop = new AbortController()
  const all = eachInParallel([1, 2, 3], 1, stop.signal, (_, each) => {
    stop.abort(new Error('stopped'))
    return Promise.reject(each.reason as Error)
  })
  await assert.rejects(all, /stopped/)
  await assert.rejects(
    eachInParallel([1], 1, stop.signal, () => Promise.resolve()),
    /stopped/,
  )
})
