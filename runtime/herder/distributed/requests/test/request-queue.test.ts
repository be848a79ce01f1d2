import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConnectError } from '../../../../../api/index.ts'
import { gate } from '../../../../timing/test/gate.ts'
import { RequestQueue, type RequestOptions } from '../request-queue.ts'

/** A queue whose requests record when they begin and end when the test releases them. */
function openFixture() {
  const queue = new RequestQueue(() => {})
  const begun: string[] = []
  const ask = (name: string, options?: RequestOptions) => {
    const step = gate<string>()
    const result = queue.add(() => {
      begun.push(name)
      return step.opened
    }, options)
    result.catch(() => {}) // tests that need the result await it
    return { end: () => step.open(name), result }
  }
  return { queue, begun, ask }
}

test('consecutive requests for different connectors are executed together', async () => {
  const { queue, begun, ask } = openFixture()
  const requests = ['a', 'b', 'c'].map((connector) => ask(connector, { connector }))

  const done = queue.runNext()
  assert.deepEqual(begun, ['a', 'b', 'c'])
  for (const { end } of requests) end()
  assert.equal(await done, true)
  assert.deepEqual(await Promise.all(requests.map(({ result }) => result)), ['a', 'b', 'c'])
})

test('a request waits for an earlier one for the same connector', async () => {
  const { queue, begun, ask } = openFixture()
  const [first, other, second] = ['first', 'other', 'second'].map((name) =>
    ask(name, { connector: name === 'other' ? 'b' : 'a' }),
  )

  const done = queue.runNext()
  assert.deepEqual(begun, ['first', 'other'])
  first?.end()
  other?.end()
  await done
  second?.end()
  assert.equal(await queue.runNext(), true)
  assert.deepEqual(begun, ['first', 'other', 'second'])
})

test('a request that concerns no single connector is executed alone and in order', async () => {
  const { queue, begun, ask } = openFixture()
  const order = ['a', 'all', 'b']
  const requests = order.map((name) => ask(name, name === 'all' ? {} : { connector: name }))

  for (const [at, { end }] of requests.entries()) {
    end()
    await queue.runNext()
    assert.deepEqual(begun, order.slice(0, at + 1))
  }
  assert.equal(await queue.runNext(), false)
})

test('a failed request rejects for its caller, and the others are executed', async () => {
  const { queue } = openFixture()
  const failing = queue.add(() => Promise.reject(new RangeError('no')), { connector: 'a' })
  const fine = queue.add(() => 'done', { connector: 'b' })

  const [, failure] = await Promise.all([queue.runNext(), failing.catch((error: unknown) => error)])
  assert.deepEqual(failure, new RangeError('no'))
  assert.equal(await fine, 'done')
})

test('when the queue is closed, pending and later requests are rejected', async () => {
  const { queue, begun, ask } = openFixture()
  const { result } = ask('a')
  const closing = new ConnectError('HR_CONNECT', 'Worker is shutting down')
  queue.close(closing)

  await assert.rejects(result, closing)
  await assert.rejects(ask('b').result, closing)
  assert.equal(await queue.runNext(), false)
  assert.deepEqual(begun, [])
})
