import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Limiter } from '../limiter.ts'

const never = new AbortController().signal

/** Runs operations that end when told to; returns the functions that end them, by name. */
function operationsOf(limiter: Limiter) {
  const started: string[] = []
  const ends = new Map<string, () => void>()
  const run = (name: string, signal = never) =>
    limiter.run(signal, () => {
      started.push(name)
      return new Promise<string>((resolve) => ends.set(name, () => resolve(name)))
    })
  return { started, run, end: (name: string) => ends.get(name)?.() }
}

test('the next operation starts when one ends, in the order of the calls', async () => {
  const { started, run, end } = operationsOf(new Limiter(2))
  const results = Promise.all(['a', 'b', 'c', 'd'].map((name) => run(name)))
  await new Promise(setImmediate)
  assert.deepEqual(started, ['a', 'b'])
  end('b')
  await new Promise(setImmediate)
  assert.deepEqual(started, ['a', 'b', 'c'])
  end('a')
  await new Promise(setImmediate)
  end('c')
  end('d')
  assert.deepEqual(await results, ['a', 'b', 'c', 'd'])
})

test('an operation whose signal is aborted does not start, and holds up no other', async () => {
  const limiter = new Limiter(1)
  const { started, run, end } = operationsOf(limiter)
  const closing = new AbortController()
  const first = run('first')
  const waiting = run('waiting', closing.signal)
  const next = run('next')
  await new Promise(setImmediate)
  closing.abort(new Error('closed'))
  await assert.rejects(waiting, { message: 'closed' })
  await assert.rejects(run('late', closing.signal), { message: 'closed' })
  end('first')
  await first
  await new Promise(setImmediate)
  end('next')
  assert.equal(await next, 'next')
  assert.deepEqual(started, ['first', 'next'])
})

test('an operation that fails makes room', async () => {
  const limiter = new Limiter(1)
  await assert.rejects(
    limiter.run(never, async () => {
      throw new Error('failed')
    }),
    { message: 'failed' },
  )
  assert.equal(await limiter.run(never, async () => 'done'), 'done')
})
