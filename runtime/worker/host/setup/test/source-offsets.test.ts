import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Logger, Props } from '../../../../../api/index.ts'
import { ConnectorOffsetStore, TopicOffsetStore } from '../../../../stores/index.ts'
import type { HostEnvironment } from '../../environment.ts'
import { sourceOffsets } from '../source-offsets.ts'

const cluster = {
  'bootstrap.servers': 'a:1, b:1',
  'group.id': 'cluster',
  'config.storage.topic': 'configs',
  'offset.storage.topic': 'offsets',
  'status.storage.topic': 'statuses',
  'key.converter': 'K',
  'value.converter': 'V',
}

function storeOf(worker: Record<string, string>, connectorProps: Props) {
  const warnings: string[] = []
  const log = { warn: (text: string) => void warnings.push(text) } as Logger
  const id = { connector: 'lines', task: 0 }
  const environment = { worker, herder: {} } as HostEnvironment // not called before the start
  return { store: sourceOffsets(environment, { id, connectorProps, log }, { create: true }), warnings }
}

test("a source without its own offset topic uses the worker's store", () => {
  const { store } = storeOf(cluster, {})
  assert.ok(!(store instanceof ConnectorOffsetStore) && !(store instanceof TopicOffsetStore))
})

test('a source with its own offset topic uses both stores', () => {
  assert.ok(storeOf(cluster, { 'offsets.storage.topic': 'own' }).store instanceof ConnectorOffsetStore)
})

test("a source that names the worker's topic uses only that, unless it is in another cluster", () => {
  const same = { 'offsets.storage.topic': 'offsets', 'producer.override.bootstrap.servers': 'b:1,a:1' }
  assert.ok(storeOf(cluster, same).store instanceof TopicOffsetStore)
  const other = { ...same, 'producer.override.bootstrap.servers': 'c:1' }
  assert.ok(storeOf(cluster, other).store instanceof ConnectorOffsetStore)
})

test('a standalone worker uses its offset file and logs a warning', () => {
  const { store, warnings } = storeOf({ 'bootstrap.servers': 'a:1' }, { 'offsets.storage.topic': 'own' })
  assert.ok(!(store instanceof ConnectorOffsetStore) && !(store instanceof TopicOffsetStore))
  assert.match(warnings.join(), /offsets\.storage\.topic is ignored/)
})
