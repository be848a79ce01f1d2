import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PluginRegistry } from '../../../../plugins/index.ts'
import { consumedSample, polledSample } from '../samples.ts'

const registry = new PluginRegistry()
const sample = { key: null, value: { kind: 'text', text: 'x' }, headers: [] } as const
const missing = { code: 'HR_BAD_REQUEST', message: /^records\[2\]\.topic is missing: the settings/ }

test('a sample of a source has its own topic or that of the settings, otherwise it is rejected', () => {
  assert.equal(polledSample({ ...sample, topic: 'own' }, 2, 'settings', registry).topic, 'own')
  assert.equal(polledSample(sample, 2, 'settings', registry).topic, 'settings')
  assert.throws(() => polledSample(sample, 2, undefined, registry), missing)
})

test('a sample of a sink has its own topic or that of the settings, otherwise it is rejected', () => {
  assert.equal(consumedSample({ ...sample, topic: 'own' }, 2, 'settings').place.topic, 'own')
  assert.equal(consumedSample(sample, 2, 'settings').place.topic, 'settings')
  assert.throws(() => consumedSample(sample, 2, undefined), missing)
})
