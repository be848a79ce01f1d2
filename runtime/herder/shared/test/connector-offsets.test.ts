import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { ConnectError, type Props } from '../../../../api/index.ts'
import { PluginCatalog } from '../../../plugins/index.ts'
import type { PartitionOffsetEntry } from '../../../stores/index.ts'
import { settle } from '../../../timing/test/gate.ts'
import { ConnectorOffsets, type ConnectorOffsetPorts } from '../connector-offsets.ts'
import { storedConnector } from './stored.ts'

const catalog = new PluginCatalog([
  { className: 'Lines', kind: 'source', version: '1' },
  { className: 'Table', kind: 'sink', version: '1' },
])
const source = { 'connector.class': 'Lines' }
const sink = { 'connector.class': 'Table' }

/** The offsets of connector `c`, over a runtime that records its calls. */
async function open(config: Props, stored: readonly PartitionOffsetEntry[] = [], complete = true) {
  const asked: unknown[] = []
  /** How many attempts to change the group fail because it has members. */
  const leaving = { tries: 0 }
  const stop = new AbortController()
  const runtime: ConnectorOffsetPorts['runtime'] = {
    sourceOffsets: async () => [...stored],
    sinkOffsets: async () => [{ topic: 't', partition: 3, offset: 14 }],
    acceptSourceOffsets: async (_name, _props, offsets) => {
      asked.push(['accept', offsets])
      return complete
    },
    writeSourceOffsets: async (_name, _props, offsets) => void asked.push(['write', offsets]),
    changeSinkOffsets: async (_name, _props, offsets) => {
      asked.push(['change', offsets])
      if (leaving.tries-- > 0) throw new ConnectError('HR_GROUP_NOT_EMPTY', 'it has members')
      return complete
    },
  }
  const configs = await storedConnector(config, [{ n: '0' }])
  const offsets = new ConnectorOffsets({
    runtime,
    catalog,
    snapshot: () => configs.snapshot(),
    stopped: stop.signal,
  })
  return { offsets, asked, configs, leaving, stop }
}

test('the offsets of a source come from its store, without entries that have no partition', async () => {
  const { offsets } = await open(source, [
    [{ file: 'a' }, { position: 1 }],
    [null, { position: 2 }],
  ])
  assert.deepEqual(await offsets.read('c'), [{ partition: { file: 'a' }, offset: { position: 1 } }])
})

test('the offsets of a sink come from its consumer group, with the keys of Kafka Connect', async () => {
  const { offsets } = await open(sink)
  const partition = { kafka_topic: 't', kafka_partition: 3 }
  assert.deepEqual(await offsets.read('c'), [{ partition, offset: { kafka_offset: 14 } }])
})

test('offsets can be changed once a connector is stopped and has no tasks', async () => {
  const { offsets, configs } = await open(source)
  const refused = { code: 'HR_BAD_REQUEST', message: /^Connectors must be in the STOPPED state before/ }
  assert.throws(() => offsets.refuseUnlessStopped('c'), refused)
  await configs.putTargetState('c', 'STOPPED')
  assert.throws(() => offsets.refuseUnlessStopped('c'), refused)
  await configs.putTasks('c', [])
  offsets.refuseUnlessStopped('c')
  assert.throws(() => offsets.refuseUnlessStopped('other'), { code: 'HR_NOT_FOUND' })
})

test('the last of several offsets for a partition is set, under the stored form of its key', async () => {
  const { offsets, asked } = await open(source, [[{ b: 1, a: 2 }, { position: 1 }]])
  const complete = await offsets.change('c', [
    { partition: { a: 2, b: 1 }, offset: { position: 5 } },
    { partition: { a: 3 }, offset: { position: 6 } },
    { partition: { b: 1, a: 2 }, offset: { position: 7 } },
  ])
  assert.equal(complete, true)
  const entries = [
    [{ b: 1, a: 2 }, { position: 7 }],
    [{ a: 3 }, { position: 6 }],
  ]
  const calls = [
    ['accept', entries],
    ['write', entries],
  ]
  assert.equal(JSON.stringify(asked), JSON.stringify(calls)) // the order of a partition's keys counts
})

test('a reset deletes the stored offsets after the connector has accepted it', async () => {
  const { offsets, asked } = await open(source, [[{ file: 'a' }, { position: 1 }]], false)
  assert.equal(await offsets.change('c', null), false)
  const entries = [[{ file: 'a' }, null]]
  assert.deepEqual(asked, [
    ['accept', entries],
    ['write', entries],
  ])
})

test('a reset of a source without offsets calls the connector and writes nothing', async () => {
  const { offsets, asked } = await open(source)
  await offsets.change('c', null)
  assert.deepEqual(asked, [['accept', []]])
})

test('offsets of a sink are changed in its consumer group', async () => {
  const { offsets, asked } = await open(sink)
  const partition = { kafka_topic: 't', kafka_partition: 3 }
  await offsets.change('c', [{ partition, offset: { kafka_offset: 1 } }])
  await offsets.change('c', null)
  assert.deepEqual(asked, [
    ['change', [[partition, { kafka_offset: 1 }]]],
    ['change', null],
  ])
})

/** A stopped sink whose consumers are still leaving its group; the test controls the time. */
async function openLeaving(t: TestContext, tries: number) {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] })
  const opened = await open(sink)
  await opened.configs.putTasks('c', [])
  await opened.configs.putTargetState('c', 'STOPPED')
  opened.leaving.tries = tries
  const change = opened.offsets.change('c', null)
  const outcome: { value?: unknown } = {}
  void change.then(
    (value) => (outcome.value = value),
    (error: unknown) => (outcome.value = error),
  )
  const pass = async (ms: number) => {
    for (let passed = 0; passed < ms && outcome.value === undefined; passed += 500) {
      await settle()
      t.mock.timers.tick(500)
    }
    await settle()
  }
  return { ...opened, change, outcome, pass }
}

test('the offsets of a sink are reset once its consumers have left the group', async (t) => {
  const { change, asked, pass } = await openLeaving(t, 5)
  await pass(10_000)
  assert.equal(await change, true)
  assert.equal(asked.length, 6)
})

test('waiting for consumers to leave times out with the reason', async (t) => {
  const { change, pass } = await openLeaving(t, Infinity)
  const refused = assert.rejects(change, { code: 'HR_GROUP_NOT_EMPTY' })
  await pass(100_000)
  await refused
})

test('a sink that is resumed while its consumers leave keeps its offsets', async (t) => {
  const { change, configs, asked, pass } = await openLeaving(t, 1)
  await configs.putTargetState('c', 'STARTED')
  const refused = assert.rejects(change, { code: 'HR_BAD_REQUEST', message: /must be in the STOPPED state/ })
  await pass(10_000)
  await refused
  assert.equal(asked.length, 1)
})

test('a stopping worker does not wait for consumers to leave', async (t) => {
  const { change, stop } = await openLeaving(t, Infinity)
  await settle()
  stop.abort()
  await assert.rejects(change, { code: 'HR_GROUP_NOT_EMPTY' })
})

test('the offsets of a connector with an unknown class cannot be read', async () => {
  const { offsets } = await open({ 'connector.class': 'Gone' })
  await assert.rejects(offsets.read('c'), { code: 'HR_CONNECT', message: /name matches Gone$/ })
})
