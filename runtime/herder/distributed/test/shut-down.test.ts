import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { settle } from '../../../timing/test/gate.ts'
import { shutDown, type ShutdownParts } from '../shut-down.ts'

const never = new Promise<never>(() => {})
const GRACEFUL_MS = 5000

/** Parts whose calls are noted with the mocked time since the start, and end at once unless `overrides` says else. */
function openParts(t: TestContext, overrides: (note: (what: string) => void) => Partial<ShutdownParts>) {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] })
  const heard: string[] = []
  const note = (what: string) => void heard.push(`${Date.now()} ${what}`)
  const noted = (what: string) => async () => note(what)
  const parts: ShutdownParts = {
    gracefulStopMs: GRACEFUL_MS,
    worker: { stopAll: noted('stop tasks') },
    deletionNotices: { close: async () => {} },
    configs: { stop: async () => {} },
    statuses: { flush: noted('flush'), stop: noted('close statuses') },
    offsets: { stop: async () => {} },
    runtime: { close: noted('close processes') },
    client: { close: noted('close client') },
    leave: noted('leave'),
    ...overrides(note),
  }
  return { parts, heard, note }
}

/** Lets the mocked time pass until the promise settles; returns the time that took. */
async function timeOf(t: TestContext, done: Promise<void>): Promise<number> {
  let over = false
  void done.then(() => (over = true))
  for (await settle(); !over; await settle()) t.mock.timers.tick(5)
  return Date.now()
}

test('a healthy worker stops without waiting, its states are written before it leaves the group', async (t) => {
  const { parts, heard } = openParts(t, () => ({}))
  assert.equal(await timeOf(t, shutDown(Promise.resolve(), parts)), 0)
  assert.deepEqual(heard, [
    '0 stop tasks',
    '0 flush',
    '0 leave',
    '0 close statuses',
    '0 close processes',
    '0 close client',
  ])
})

test('a worker whose Kafka does not respond stops three seconds after the graceful timeout at the latest', async (t) => {
  const { parts, heard } = openParts(t, (note) => ({
    worker: {
      stopAll: async () => {
        await new Promise<void>((resolve) => setTimeout(resolve, GRACEFUL_MS + 1500)) // tasks are abandoned
        note('stopped tasks')
      },
    },
    deletionNotices: { close: () => never },
    configs: { stop: () => never },
    statuses: { flush: () => never, stop: () => never },
    leave: () => {
      note('leave')
      return never
    },
    client: { close: () => never },
  }))
  const ms = await timeOf(t, shutDown(never, parts))
  assert.ok(ms <= GRACEFUL_MS + 3050, `${ms} ms`)
  assert.deepEqual(
    heard.map((line) => line.replace(/^\d+ /, '')),
    ['stopped tasks', 'leave', 'close processes'],
  )
})

test('a slow Kafka has the time that fast tasks did not need', async (t) => {
  const { parts, heard } = openParts(t, (note) => ({
    statuses: {
      flush: async () => {
        await new Promise<void>((resolve) => setTimeout(resolve, 3500))
        note('flushed')
      },
      stop: async () => {},
    },
  }))
  await timeOf(t, shutDown(Promise.resolve(), parts))
  assert.deepEqual(heard.slice(1, 3), ['3500 flushed', '3500 leave'])
})

test('the tasks are stopped although the herder is still busy', async (t) => {
  const { parts, heard } = openParts(t, () => ({}))
  const ms = await timeOf(t, shutDown(never, parts))
  assert.equal(heard[0], '1000 stop tasks')
  assert.equal(ms, 1000 + GRACEFUL_MS)
})
