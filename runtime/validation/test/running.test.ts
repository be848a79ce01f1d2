import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isConnectError, type SourceConnector } from '../../../api/index.ts'
import { requireVersion } from '../classes.ts'
import { permittedOverrides } from '../client-overrides.ts'
import { newSettingState, type SettingStates } from '../config-infos.ts'
import { checkSource, refuseExactlyOnce } from '../source-rules.ts'

const policy = (name: string) => ({ 'connector.client.config.override.policy': name })
const overrides = { 'producer.override.acks': '1', 'consumer.override.max.poll.records': '5' }

test('only overrides that the policy does not allow prevent a client from being opened', () => {
  assert.deepEqual(permittedOverrides('producer', overrides, policy('All')), { acks: '1' })
  assert.deepEqual(permittedOverrides('admin', overrides, policy('None')), {})
  assert.throws(
    () => permittedOverrides('producer', overrides, policy('None')),
    (error) =>
      isConnectError(error) &&
      error.configKey === 'producer.override.acks' &&
      /not allowed: The 'None' policy does not allow 'acks'/.test(error.message),
  )
})

test('a plugin runs only in a requested version', () => {
  const plugin = { name: 'com.example.Lines', version: '2.1.0' }
  for (const wanted of [undefined, null, 'latest', '2.1.0', '[2.0,3.0)']) {
    requireVersion(plugin, 'connector.plugin.version', wanted)
  }
  assert.throws(
    () => requireVersion(plugin, 'connector.plugin.version', '[3.0,)'),
    /Plugin com\.example\.Lines not found that matches the version range \[3\.0,\), available versions: \[2\.1\.0\]/,
  )
})

const required = { 'exactly.once.support': 'Required' }

test('a source that requires exactly-once delivery does not run', () => {
  assert.throws(() => refuseExactlyOnce(required, {}), /does not have exactly-once source support enabled/)
  refuseExactlyOnce({ 'exactly.once.support': 'requested' }, {})
  refuseExactlyOnce({}, {})
})

test('a source that requires exactly-once delivery is rejected by distributed and standalone workers', () => {
  for (const worker of [{}, { 'group.id': 'cluster' }]) {
    const states: SettingStates = new Map([['exactly.once.support', newSettingState('required')]])
    const exact: Partial<SourceConnector> = { exactlyOnceSupport: () => 'supported' }
    checkSource(exact as SourceConnector, required, worker, states)
    assert.deepEqual(states.get('exactly.once.support')?.errors, [
      'This worker does not have exactly-once source support enabled.',
    ])
  }
})

test('a source that does not support exactly-once delivery gets both errors', () => {
  const states: SettingStates = new Map([['exactly.once.support', newSettingState('required')]])
  const inexact: Partial<SourceConnector> = { exactlyOnceSupport: () => 'unsupported' }
  checkSource(inexact as SourceConnector, required, {}, states)
  assert.deepEqual(states.get('exactly.once.support')?.errors, [
    'This worker does not have exactly-once source support enabled.',
    'The connector does not support exactly-once semantics with the provided configuration.',
  ])
})
