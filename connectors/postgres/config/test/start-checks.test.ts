import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseSettings } from '../parse-settings.ts'
import { placeholderBytes, requireUsable, startWarnings } from '../start-checks.ts'
import { required } from './required.ts'

const parse = (settings: Readonly<Record<string, string>> = {}) => parseSettings({ ...required, ...settings })

test('a task does not start with settings that it cannot use', () => {
  requireUsable(parse({ 'unavailable.value.placeholder': 'hex:00fF' }))
  for (const [key, value] of [
    ['topic.naming.strategy', 'nope.Klass'],
    ['unavailable.value.placeholder', 'hex:zz'],
    ['unavailable.value.placeholder', 'hex:abc'],
    ['incremental.snapshot.chunk.size', '0'],
  ] as const) {
    assert.throws(() => requireUsable(parse({ [key]: value })), { code: 'HR_CONFIG_INVALID', configKey: key })
  }
})

test('the placeholder is text, or bytes after hex:', () => {
  assert.equal(placeholderBytes(parse()).toString(), '__debezium_unavailable_value')
  assert.deepEqual(
    placeholderBytes(parse({ 'unavailable.value.placeholder': 'hex:00ff' })),
    Buffer.from([0, 255]),
  )
})

test('settings with another effect than intended cause warnings', () => {
  const warned = (settings: Readonly<Record<string, string>>) => {
    const props = { ...required, ...settings }
    return startWarnings(parseSettings(props), props).map((text) => text.split(/[ :]/)[0])
  }
  assert.deepEqual(warned({}), [])
  assert.deepEqual(warned({ 'signal.data.collection': 'public.signals' }), [])
  assert.deepEqual(warned({ 'signal.data.collection': 'x' }), ['signal.data.collection'])
  assert.deepEqual(warned({ 'snapshot.select.statement.overrides': 'a.b' }), [
    'snapshot.select.statement.overrides.a.b',
  ])
  assert.deepEqual(warned({ 'heartbeat.action.query': 'SELECT 1' }), ['heartbeat.action.query'])
  assert.deepEqual(warned({ 'signal.kafka.bootstrap.servers': 'kafka:9092' }), [
    'signal.kafka.bootstrap.servers',
  ])
  assert.deepEqual(warned({ 'flush.lsn.source': 'false' }), ['lsn.flush.mode'])
  assert.deepEqual(warned({ 'slot.drop.on.stop': 'true' }), ['slot.drop.on.stop'])
})
