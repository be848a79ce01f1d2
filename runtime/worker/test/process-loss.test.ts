import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gate, settle } from '../../timing/test/gate.ts'
import type { ConnectorStarted } from '../protocol.ts'
import { definition, idOf, nameOf, openWorker, started, startTasks } from './open-worker.ts'

const KILLED = {
  kind: 'killed',
  reason: 'it was killed by signal SIGKILL, not by the worker',
} as const

test('a connector whose process hangs because of a task restarts in another one, and its task configs are requested', async (t) => {
  const first = gate<ConnectorStarted>()
  let asked = 0
  const opened = openWorker(t, {
    answers: { startConnector: async () => (asked++ === 0 ? first.opened : started) },
  })
  await startTasks(opened, 1)
  const { worker, forked, heard, starts } = opened
  heard.length = 0
  const starting = worker.startConnector('d', {}, 'STARTED')
  await settle()
  forked[0]?.die({ reason: 'it hung', culprit: starts[0]?.owner })
  await starting

  assert.deepEqual(heard, ['c-0 failed', 'd restarting', 'd running', 'd wants other tasks'])
  assert.equal(worker.isStarted('d'), true)
})

test('a connector that waits for a process that does not start is started in another one', async (t) => {
  const ready = [new Promise<void>(() => {}), Promise.resolve()]
  const { worker, forked, heard } = openWorker(t, {
    ready: () => ready.shift() ?? assert.fail('a third process'),
  })
  const starting = worker.startConnector('c', {}, 'STARTED')
  await settle()
  forked[0]?.die({ kind: 'unstarted', reason: 'it cannot be started' })
  await starting
  assert.deepEqual(heard, ['c restarting', 'c running', 'c wants other tasks'])
})

test('a connector that exits its process while it starts fails, and the start rejects with the reason', async (t) => {
  const { worker, forked, heard } = openWorker(t, {
    answers: { startConnector: () => new Promise(() => {}) },
  })
  const starting = worker.startConnector('c', {}, 'STARTED')
  const rejected = assert.rejects(starting, (error: Error) =>
    (error.cause as Error).message.endsWith('it died'),
  )
  await settle()
  forked[0]?.die()
  await rejected
  assert.deepEqual(heard, ['c failed'])
})

test('a task whose process is killed from outside restarts immediately, then with increasing delays', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 1_000_000_000_000 })
  const opened = openWorker(t)
  await startTasks(opened, 1)
  const { forked, heard, starts, traces } = opened
  const kill = async (delayMs: number) => {
    const before = starts.length
    forked.at(-1)?.die(KILLED)
    await settle()
    if (delayMs > 0) {
      t.mock.timers.tick(delayMs - 1)
      await settle()
      assert.equal(starts.length, before, `it did not wait for ${delayMs} ms`)
      t.mock.timers.tick(1)
      await settle()
    }
    assert.equal(starts.length, before + 1)
  }
  for (const delayMs of [0, 1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000])
    await kill(delayMs)
  assert.deepEqual(
    heard.filter((what) => what === 'c-0 failed'),
    [],
  )

  forked.at(-1)?.die(KILLED)
  await settle()
  assert.equal(heard.at(-1), 'c-0 failed')
  assert.match(traces[0] ?? '', /killed by signal SIGKILL, not by the worker \(given up after 10 restarts\)$/)
})

test('a task whose process has lived for a while restarts immediately again', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 1_000_000_000_000 })
  const opened = openWorker(t)
  await startTasks(opened, 1)
  const { forked, starts } = opened
  forked.at(-1)?.die(KILLED)
  await settle()
  t.mock.timers.tick(600_001)
  forked.at(-1)?.die(KILLED)
  await settle()
  assert.equal(starts.length, 3)
})

test('an instance that shares a process with the cause of repeated kills is eventually separated from it', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 1_000_000_000_000 })
  const opened = openWorker(t)
  await startTasks(opened, 2)
  const { forked, heard, starts } = opened
  forked[0]?.die(KILLED)
  await settle()
  const guilty = forked[1]
  heard.length = 0
  guilty?.die(KILLED)
  await settle()
  assert.deepEqual(heard, ['c-0 restarting'])
  t.mock.timers.tick(60_000)
  await settle()
  assert.equal(starts.length, 5)
})

test('a task that is stopped while it waits for its restart does not restart', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const opened = openWorker(t)
  await startTasks(opened, 1)
  const { worker, forked, heard, starts } = opened
  forked.at(-1)?.die(KILLED)
  await settle()
  forked.at(-1)?.die(KILLED)
  await settle()
  const before = starts.length
  await worker.stopTasks([idOf(0)])
  t.mock.timers.tick(60_000)
  await settle()
  assert.deepEqual([starts.length, heard.at(-1)], [before, 'c-0 shut down'])
  assert.equal(forked.length, 2, 'no process is forked for nobody')
})

test('a task that is paused while it waits for its restart starts paused', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const opened = openWorker(t)
  await startTasks(opened, 1)
  const { worker, forked, starts } = opened
  for (let kills = 0; kills < 2; kills++) {
    forked.at(-1)?.die(KILLED)
    await settle()
  }
  worker.setTasksPaused('c', true)
  t.mock.timers.tick(1000)
  await settle()
  assert.equal(starts.at(-1)?.paused, true)
})

test('if the culprit was being stopped, no other instance is blamed', async (t) => {
  const opened = openWorker(t, { answers: { stopTask: () => new Promise(() => {}) } })
  await startTasks(opened, 2)
  const { worker, forked, heard, starts } = opened
  heard.length = 0
  const stopped = worker.stopTasks([idOf(0)])
  forked[0]?.die({ culprit: starts[0]?.owner })
  await stopped
  await settle()
  assert.deepEqual(heard.toSorted(), ['c-0 shut down', 'c-1 restarting'])
  assert.equal(nameOf(starts.at(-1)?.id ?? idOf(9)), 'c-1')
})

test('late metrics of an earlier run are not attributed to the next one', async (t) => {
  const opened = openWorker(t)
  await startTasks(opened, 1)
  const { worker, starts } = opened
  const metrics = { recordsIn: 7 } as never
  worker.events.metrics([{ id: idOf(0), run: starts[0]?.run ?? 0, metrics }])
  assert.equal(worker.snapshots()[0]?.metrics, metrics)
  await worker.stopTasks([idOf(0)])
  worker.startTask(definition(0))
  await settle()
  worker.events.metrics([{ id: idOf(0), run: starts[0]?.run ?? 0, metrics }])
  assert.equal(worker.snapshots()[0]?.metrics, undefined)
})
