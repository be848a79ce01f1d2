import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { PluginCatalog } from '../../../plugins/index.ts'
import { MemoryConfigStore, MemoryStatusStore } from '../../../stores/index.ts'
import { LogLevels, silentLogger } from '../../../telemetry/index.ts'
import { eventually, gate, settle } from '../../../timing/test/gate.ts'
import type { HerderParts } from '../../shared/herder-core.ts'
import { standaloneHerder } from '../herder.ts'

const GRACEFUL_MS = 5000

/** A standalone herder whose worker does nothing, except for `calls`. */
async function open(
  t: TestContext,
  calls: object = {},
  parts: { readonly requireValid?: () => Promise<void>; readonly note?: (what: string) => void } = {},
) {
  const { requireValid = async () => {}, note = () => {} } = parts
  const worker = new Proxy(
    { taskIds: [], isStarted: () => false, ...calls },
    { get: (target, method) => Reflect.get(target, method) ?? (async () => {}) },
  )
  const configs = new MemoryConfigStore()
  const herder = standaloneHerder(
    {
      configs,
      statuses: new MemoryStatusStore(),
      offsets: { start: async () => {}, stop: async () => note('close offsets') },
      catalog: new PluginCatalog([]),
      runtime: {
        createWorker: () => worker,
        requireValid,
        discover: async () => {},
        close: async () => note('close processes'),
      },
      logLevels: new LogLevels('INFO'),
      log: silentLogger,
    } as unknown as HerderParts,
    GRACEFUL_MS,
  )
  t.after(() => herder.stop())
  await herder.start()
  return { herder, configs }
}

test('concurrent patches of a connector lose no change', async (t) => {
  const valid = gate()
  let validations = 0
  const requireValid = () => {
    validations++
    return valid.opened
  }
  const { herder, configs } = await open(t, {}, { requireValid })
  await configs.putConnector('c', { name: 'c' })
  const patches = [herder.patch('c', { a: '1' }), herder.patch('c', { b: '2' })]
  await eventually(() => validations === 2)
  valid.open()
  await Promise.all(patches)
  assert.deepEqual(await herder.config('c'), { name: 'c', a: '1', b: '2' })
})

test('requests that wait when the worker stops are rejected; only the current one ends', async (t) => {
  const stopping = gate()
  const seen: string[] = []
  const stopConnector = (name: string) => {
    seen.push(name)
    return stopping.opened
  }
  const { herder, configs } = await open(t, { stopConnector })
  for (const name of ['a', 'b', 'c']) await configs.putConnector(name, { name })
  const [current, ...waiting] = ['a', 'b', 'c'].map((name) => herder.delete(name))
  await eventually(() => seen.length === 1)
  const stopped = herder.stop()
  const refused = waiting.map((request) =>
    assert.rejects(request, { code: 'HR_CONNECT', message: 'Worker is shutting down' }),
  )
  stopping.open()
  await Promise.all([current, stopped, ...refused])
  assert.deepEqual(seen, ['a'])
})

test('a worker with a request that does not end stops its tasks after a second, and itself in time', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] })
  const seen: string[] = []
  const note = (what: string) => void seen.push(`${Date.now()} ${what}`)
  const hung = gate()
  const calls = { stopConnector: () => hung.opened, stopAll: async () => note('stop tasks') }
  const { herder, configs } = await open(t, calls, { note })
  await configs.putConnector('a', { name: 'a' })
  herder.delete('a').catch(() => {})
  await settle()
  let over = false
  void herder.stop().then(() => (over = true))
  for (await settle(); !over && Date.now() < 60_000; await settle()) t.mock.timers.tick(100)
  await herder.ended()
  assert.deepEqual(seen, ['1000 stop tasks', '7000 close offsets', '7000 close processes'])
  hung.open()
})
