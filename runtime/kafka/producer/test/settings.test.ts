import assert from 'node:assert/strict'
import { test } from 'node:test'
import { producerSettings } from '../settings.ts'

test('by default a producer is idempotent, with five requests in flight', () => {
  const { acks, idempotent, maxInFlight, deliveryTimeoutMs } = producerSettings({})

  assert.deepEqual([acks, idempotent, maxInFlight, deliveryTimeoutMs], [-1, true, 5, 2_147_483_647])
})

test('acks other than all disable idempotence and allow one request in flight', () => {
  for (const acks of ['0', '1']) {
    const settings = producerSettings({ acks })
    assert.deepEqual([settings.acks, settings.idempotent, settings.maxInFlight], [Number(acks), false, 1])
  }
  assert.equal(producerSettings({ acks: '-1' }).idempotent, true)
})

test('conflicting settings are rejected as in Kafka', () => {
  assert.throws(() => producerSettings({ 'acks': '1', 'enable.idempotence': 'true' }), {
    code: 'HR_CONFIG_INVALID',
    configKey: 'acks',
    message: 'Must set acks to all in order to use the idempotent producer.',
  })
  assert.throws(() => producerSettings({ 'max.in.flight.requests.per.connection': '6' }), {
    configKey: 'max.in.flight.requests.per.connection',
  })
})

test('a compression level applies only to its own compression type', () => {
  const levels = { 'compression.gzip.level': '3', 'compression.zstd.level': '9' }

  assert.equal(producerSettings({ ...levels, 'compression.type': 'gzip' }).compressionLevel, 3)
  assert.equal(producerSettings({ ...levels, 'compression.type': 'zstd' }).compressionLevel, 9)
  assert.equal(producerSettings({ ...levels, 'compression.type': 'lz4' }).compressionLevel, undefined)
})

test('the error for an unknown compression type lists the valid ones', () => {
  assert.throws(() => producerSettings({ 'compression.type': 'brotli' }), {
    message:
      'Invalid value brotli for configuration compression.type: String must be one of: none, gzip, snappy, lz4, zstd',
  })
})

test('an invalid compression level is rejected as in Kafka', () => {
  const gzip = 'Value must be between 1 and 9 or equal to -1'
  const refused: readonly (readonly [string, string, string])[] = [
    ['compression.gzip.level', '42', gzip],
    ['compression.gzip.level', '0', gzip],
    ['compression.zstd.level', '23', 'Value must be no more than 22'],
    ['compression.zstd.level', '-131073', 'Value must be at least -131072'],
  ]
  for (const [key, value, reason] of refused) {
    assert.throws(() => producerSettings({ [key]: value }), {
      code: 'HR_CONFIG_INVALID',
      message: `Invalid value ${value} for configuration ${key}: ${reason}`,
    })
  }
  for (const level of ['-1', '1', '9']) producerSettings({ 'compression.gzip.level': level })
  for (const level of ['-131072', '0', '22']) producerSettings({ 'compression.zstd.level': level })
})
