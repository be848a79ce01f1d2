import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConnectError, type Props } from '../../../../api/index.ts'
import { PluginCatalog } from '../../../plugins/index.ts'
import { silentLogger } from '../../../telemetry/index.ts'
import { gate, settle, type Gate } from '../../../timing/test/gate.ts'
import { DeletionNotices } from '../deletion-notices.ts'

const config = { 'connector.class': 'Slots', 'slot.name': 'one' }
const nothingRuns = () => false

/** DeletionNotices whose connector answers when a gate opens; `exists` contains the names that are in use again. */
function open() {
  const calls: (readonly [string, Props])[] = []
  const warnings: unknown[] = []
  const gates: Gate[] = []
  const exists = new Set<string>()
  const deletions = new DeletionNotices({
    runtime: {
      connectorDeleted: (name, props) => {
        calls.push([name, props])
        const answer = gate()
        gates.push(answer)
        return answer.opened
      },
    },
    catalog: new PluginCatalog([
      { className: 'Slots', kind: 'source', version: '1', handlesDeletion: true },
      { className: 'Lines', kind: 'source', version: '1' },
    ]),
    exists: (name) => exists.has(name),
    log: { ...silentLogger, warn: (_message, fields) => warnings.push(fields) },
  })
  /** Whether the name is available for a new connector. */
  const isFree = async (name: string) => {
    let free = false
    const write = async () => {
      free = true
    }
    deletions.writeOnceHandled(name, async (step) => step(), write).catch(() => {})
    await settle()
    assert.equal(deletions.has(name), !free)
    return free
  }
  return { deletions, calls, warnings, gates, exists, isFree }
}

test('deleted is called once, after the connector and its tasks have stopped, with the settings at the deletion', async () => {
  const { deletions, calls, gates, isFree } = open()
  deletions.add('a', config)
  deletions.stopped((name) => name === 'a')
  assert.deepEqual(calls, [])
  assert.equal(await isFree('a'), false)
  deletions.stopped(nothingRuns)
  deletions.stopped(nothingRuns)
  assert.deepEqual(calls, [['a', config]])
  assert.equal(await isFree('a'), false)
  assert.equal(await isFree('b'), true)
  gates[0]?.open()
  assert.equal(await isFree('a'), true)
  deletions.stopped(nothingRuns)
  assert.equal(calls.length, 1)
})

test('a connector without deleted is not called, and its name is available immediately', async () => {
  const { deletions, calls, isFree } = open()
  deletions.add('a', { 'connector.class': 'Lines' })
  deletions.add('b', { 'connector.class': 'Unknown' })
  deletions.add('c', {})
  deletions.stopped(nothingRuns)
  assert.deepEqual(calls, [])
  for (const name of ['a', 'b', 'c']) assert.equal(await isFree(name), true)
})

test('a failure is logged with its root cause, and the name becomes available', async () => {
  const { deletions, gates, warnings, isFree } = open()
  deletions.add('a', config)
  deletions.stopped(nothingRuns)
  gates[0]?.break(new ConnectError('HR_CONNECT', 'The slot stays', { cause: new Error('it is active') }))
  assert.equal(await isFree('a'), true)
  assert.deepEqual(warnings, [{ connector: 'a', reason: 'The slot stays: it is active' }])
})

test('deleted is not called if the name is in use again, because it could remove resources of the new connector', async () => {
  const { deletions, calls, warnings, exists, isFree } = open()
  deletions.add('a', config)
  exists.add('a')
  deletions.stopped(nothingRuns)
  assert.equal(await isFree('a'), true)
  assert.deepEqual([calls.length, warnings.length], [0, 1])
})

test('deletions that this worker can no longer track are dropped with a warning; a pending call is completed', async () => {
  const { deletions, calls, warnings, gates, isFree } = open()
  deletions.add('a', config)
  deletions.stopped(nothingRuns)
  deletions.add('b', config)
  deletions.drop('another worker leads the cluster')
  assert.deepEqual(warnings, [{ connector: 'b', reason: 'another worker leads the cluster' }])
  assert.equal(await isFree('b'), true)
  assert.equal(await isFree('a'), false)
  let closed = false
  const closing = deletions.close().then(() => (closed = true))
  await settle()
  assert.equal(closed, false)
  gates[0]?.open()
  await closing
  assert.equal(calls.length, 1)
})

test('a stopping worker waits only a limited time for a pending call', async (t) => {
  const { deletions } = open()
  deletions.add('a', config)
  deletions.stopped(nothingRuns)
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const closing = deletions.close()
  t.mock.timers.tick(5000)
  await closing
})

test('a new connector is not written when the deleted one needs longer than a request may take', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] })
  const { deletions, gates } = open()
  deletions.add('a', config)
  deletions.stopped(nothingRuns)
  const write = t.mock.fn(async () => {})
  const written = deletions.writeOnceHandled('a', async (step) => step(), write)
  const refused = assert.rejects(written, {
    code: 'HR_REQUEST_TIMEOUT',
    message: 'The deleted connector a is still removing its resources; try again later',
  })
  await settle()
  t.mock.timers.tick(60_000)
  await refused
  gates[0]?.open()
  await settle()
  assert.equal(write.mock.callCount(), 0)
})
