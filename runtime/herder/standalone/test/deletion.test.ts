import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import type { Props } from '../../../../api/index.ts'
import { PluginCatalog } from '../../../plugins/index.ts'
import { MemoryConfigStore, MemoryStatusStore } from '../../../stores/index.ts'
import { LogLevels, silentLogger } from '../../../telemetry/index.ts'
import { eventually, gate, settle } from '../../../timing/test/gate.ts'
import { Worker, type WorkerRuntime } from '../../../worker/index.ts'
import { ProcessPool } from '../../../worker/processes/pool.ts'
import { fakeProcess } from '../../../worker/processes/test/fake-process.ts'
import type { HostMethods } from '../../../worker/protocol.ts'
import { standaloneHerder } from '../herder.ts'

const config = { 'name': 'a', 'connector.class': 'Slots', 'n': '1' }
const started = { version: '1', failure: undefined, ttlMs: undefined }
const create = { mayReplace: false }

/** A standalone herder with a fake task process; `calls` are those of `deleted`, which `onDeleted` answers. */
async function open(t: TestContext, answers: Partial<HostMethods>, onDeleted = () => Promise.resolve()) {
  const calls: Props[] = []
  const methods: Partial<HostMethods> = {
    startConnector: async () => started,
    taskConfigs: async () => [{ 'task.class': 'SlotsTask' }],
    ...answers,
  }
  const process = fakeProcess(1, methods)
  const pool = new ProcessPool(
    1,
    () => process,
    () => {},
    silentLogger,
  )
  const runtime: Partial<WorkerRuntime> = {
    createWorker: (listener) =>
      new Worker(pool, listener, {
        gracefulStopMs: 60_000,
        versionOf: () => '1',
        isExactlyOnce: () => false,
      }),
    requireValid: async () => {},
    discover: async () => {},
    connectorDeleted: (_name, props) => {
      calls.push(props)
      return onDeleted()
    },
    close: () => pool.close(),
  }
  const herder = standaloneHerder(
    {
      kafkaClusterId: null,
      workerId: 'here:1',
      url: 'http://here:1/',
      configs: new MemoryConfigStore(),
      statuses: new MemoryStatusStore(),
      offsets: { start: async () => {}, stop: async () => {} },
      catalog: new PluginCatalog([
        { className: 'Slots', kind: 'source', version: '1', handlesDeletion: true },
      ]),
      runtime: runtime as WorkerRuntime,
      trackTopics: false,
      logLevels: new LogLevels('INFO'),
      log: silentLogger,
    },
    60_000,
  )
  await herder.start()
  t.after(() => herder.stop())
  const untilSent = (method: string) =>
    eventually(() => process.calls.includes(method), `${method} was called`)
  return { herder, calls, untilSent }
}

test('a connector that is deleted while it starts is notified after the start has ended', async (t) => {
  const starting = gate()
  const { herder, calls, untilSent } = await open(t, {
    startConnector: async () => {
      await starting.opened
      return started
    },
    stopConnector: () => starting.opened, // a task process waits for the start, too
  })
  const put = herder.put('a', config, create).catch(() => {}) // the connector is deleted before it has started
  await untilSent('startConnector')
  const deleted = herder.delete('a')
  await untilSent('stopConnector')
  await settle()
  assert.deepEqual(calls, [])
  starting.open()
  await Promise.all([put, deleted])
  await eventually(() => calls.length === 1)
  assert.deepEqual(calls, [config])
})

test('a connector that is deleted is notified after its tasks have stopped, with its last settings', async (t) => {
  const stopping = gate()
  const { herder, calls, untilSent } = await open(t, { stopTask: () => stopping.opened })
  const changed = { ...config, n: '2' }
  await herder.put('a', config, create)
  await untilSent('startTask')
  // The herder stops the task of the earlier settings first
  const put = herder.put('a', changed, { mayReplace: true })
  await untilSent('stopTask')
  const deleted = herder.delete('a')
  await settle()
  assert.deepEqual(calls, [])
  stopping.open()
  await Promise.all([put.catch(() => {}), deleted])
  await eventually(() => calls.length === 1)
  assert.deepEqual(calls, [changed])
})

test('a connector with the same name is created after the deleted one has cleaned up; others do not wait', async (t) => {
  const cleaning = gate()
  const { herder, calls } = await open(t, {}, () => cleaning.opened)
  await herder.put('a', config, create)
  await herder.delete('a')
  await eventually(() => calls.length === 1)
  let created = false
  const again = herder.put('a', config, create).then(() => (created = true))
  await herder.put('b', { ...config, name: 'b' }, create)
  await settle()
  assert.deepEqual([herder.connectors(), created], [['b'], false])
  cleaning.open()
  await again
  assert.deepEqual(herder.connectors().toSorted(), ['a', 'b'])
  assert.equal(calls.length, 1)
})

test('a connector that is deleted while its successor waits for its turn cleans up first', async (t) => {
  const cleaning = gate()
  const stopping = gate()
  const { herder, calls, untilSent } = await open(
    t,
    { stopTask: () => stopping.opened },
    () => cleaning.opened,
  )
  await herder.put('a', config, create)
  await untilSent('startTask')
  const deleted = herder.delete('a')
  const again = herder.put('a', config, create)
  await untilSent('stopTask')
  stopping.open()
  await deleted
  await eventually(() => calls.length === 1)
  await settle()
  assert.deepEqual(herder.connectors(), [])
  cleaning.open()
  await again
  assert.deepEqual(herder.connectors(), ['a'])
})

test('a connector that is paused, stopped, restarted or left by its worker is not notified', async (t) => {
  const { herder, calls } = await open(t, {})
  await herder.put('a', config, create)
  for (const state of ['PAUSED', 'STOPPED', 'STARTED'] as const) await herder.setTargetState('a', state)
  await herder.restartConnector('a')
  await herder.stop()
  assert.deepEqual(calls, [])
})
