import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PluginCatalog } from '../../../plugins/index.ts'
import { MemoryConfigStore, MemoryStatusStore } from '../../../stores/index.ts'
import { LogLevels, silentLogger } from '../../../telemetry/index.ts'
import { eventually, gate } from '../../../timing/test/gate.ts'
import type { HerderParts } from '../../shared/herder-core.ts'
import { standaloneHerder } from '../herder.ts'

/** A worker whose calls do nothing. */
const worker = new Proxy(
  {},
  { get: (_target, method) => (method === 'isStarted' ? () => false : async () => {}) },
)

test('concurrent patches of a connector lose no change', async (t) => {
  const valid = gate()
  let validations = 0
  const configs = new MemoryConfigStore()
  const herder = standaloneHerder({
    configs,
    statuses: new MemoryStatusStore(),
    offsets: { start: async () => {}, stop: async () => {} },
    catalog: new PluginCatalog([]),
    runtime: {
      createWorker: () => worker,
      requireValid: () => {
        validations++
        return valid.opened
      },
      discover: async () => {},
      close: async () => {},
    },
    logLevels: new LogLevels('INFO'),
    log: silentLogger,
  } as unknown as HerderParts)
  t.after(() => herder.stop())
  await herder.start()
  await configs.putConnector('c', { name: 'c' })
  const patches = [herder.patch('c', { a: '1' }), herder.patch('c', { b: '2' })]
  await eventually(() => validations === 2)
  valid.open()
  await Promise.all(patches)
  assert.deepEqual(await herder.config('c'), { name: 'c', a: '1', b: '2' })
})
