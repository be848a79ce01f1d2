import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Props } from '../../../../../api/index.ts'
import { PluginCatalog } from '../../../../plugins/index.ts'
import { MemoryConfigStore } from '../../../../stores/index.ts'
import { silentLogger } from '../../../../telemetry/index.ts'
import { eventually, gate, settle } from '../../../../timing/test/gate.ts'
import { DeletionNotices } from '../../../shared/deletion-notices.ts'
import { notFound } from '../../../shared/views.ts'
import { ConnectorRequests, type ConnectorRequestParts } from '../connector-requests.ts'
import { RequestQueue } from '../request-queue.ts'

/** Requests to a leader with one connector, `c`. `validate` is called with each config before it is written. */
async function leaderWith(config: Props, validate: (config: Props) => Promise<void>) {
  const configs = new MemoryConfigStore()
  await configs.putConnector('c', config)
  const requests: RequestQueue = new RequestQueue(() => void requests.runNext())
  const notified: Props[] = []
  const cleaning = gate()
  const deletionNotices = new DeletionNotices({
    runtime: {
      connectorDeleted: (_name, props) => {
        notified.push(props)
        return cleaning.opened
      },
    },
    catalog: new PluginCatalog([{ className: 'Slots', kind: 'source', version: '1', handlesDeletion: true }]),
    exists: (name) => configs.snapshot().connectors.has(name),
    log: silentLogger,
  })
  const parts = {
    requests,
    deletionNotices,
    membership: { isLeader: true },
    stages: { during: async (_doing: string, step: () => Promise<void>) => step() },
    runtime: { requireValid: validate },
    views: {
      config: (name: string) => {
        const present = configs.snapshot().connectors.get(name)
        if (present === undefined) throw notFound(`Connector ${name} not found`)
        return present
      },
      typeOf: () => 'source',
    },
    configs,
  }
  return {
    herder: new ConnectorRequests(parts as unknown as ConnectorRequestParts),
    stored: () => configs.snapshot().connectors,
    deletionNotices,
    notified,
    cleaning,
  }
}

test('concurrent patches lose no change', async () => {
  const valid = gate()
  let validations = 0
  const { herder, stored } = await leaderWith({ name: 'c' }, () => {
    validations++
    return valid.opened
  })
  const patches = [herder.patch('c', { a: '1' }), herder.patch('c', { b: '2' })]
  await eventually(() => validations === 2)
  valid.open()
  await Promise.all(patches)
  assert.deepEqual(stored().get('c'), { name: 'c', a: '1', b: '2' })
  assert.equal(validations, 3)
})

test('a patch applies to the config that was put while it was validated', async () => {
  const valid = gate()
  const { herder, stored } = await leaderWith({ name: 'c', a: '1' }, async (config) => {
    if (config['a'] === '1') await valid.opened
  })
  const patch = herder.patch('c', { b: '2' })
  await settle()
  await herder.put('c', { name: 'c', a: '9' }, { mayReplace: true })
  valid.open()
  const { config } = await patch
  assert.deepEqual(config, { name: 'c', a: '9', b: '2' })
  assert.deepEqual(stored().get('c'), config)
})

test('a patch of a connector that is deleted meanwhile does not create it again', async () => {
  const valid = gate()
  const { herder, stored } = await leaderWith({ name: 'c' }, () => valid.opened)
  const patch = assert.rejects(herder.patch('c', { b: '2' }), { code: 'HR_NOT_FOUND' })
  await settle()
  await herder.delete('c')
  valid.open()
  await patch
  assert.equal(stored().size, 0)
})

test('a connector that is deleted while a put is validated is created again after its deletion was handled', async () => {
  const valid = gate()
  const old = { 'name': 'c', 'connector.class': 'Slots', 'n': '1' }
  const leader = await leaderWith(old, () => valid.opened)
  const { herder, stored, deletionNotices, notified, cleaning } = leader
  const put = herder.put('c', { ...old, n: '2' }, { mayReplace: true })
  await settle()
  await herder.delete('c')
  valid.open()
  await settle()
  assert.equal(stored().size, 0)
  deletionNotices.stopped(() => false)
  await settle()
  assert.deepEqual([notified, stored().size], [[old], 0])
  cleaning.open()
  assert.equal((await put).created, true)
  assert.equal(stored().get('c')?.['n'], '2')
})
