import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clientTables } from '../table/index.ts'
import { reasonWithoutEffect, workerClientSettings } from '../without-effect.ts'

test('only settings without effect have a reason', () => {
  for (const [name, { ignored }] of Object.entries(clientTables.admin)) {
    if (reasonWithoutEffect(name) === undefined || name === 'ssl.protocol') continue
    assert.notEqual(ignored, undefined, name)
  }
})

test('settings of login modules and TLS engines that Kafka does not know have a reason', () => {
  assert.match(reasonWithoutEffect('sasl.vendor.realm') ?? '', /only PLAIN and SCRAM/)
  assert.match(reasonWithoutEffect('ssl.engine.vendor') ?? '', /Java/)
  assert.equal(reasonWithoutEffect('linger.ms'), undefined)
})

test('the settings of the clients of a worker are those with an effect or a reason', () => {
  for (const name of ['client.id', 'retry.backoff.ms', 'sasl.jaas.config', 'send.buffer.bytes']) {
    assert.ok(workerClientSettings.includes(name), name)
  }
  for (const name of ['linger.ms', 'fetch.min.bytes', 'interceptor.classes']) {
    assert.ok(!workerClientSettings.includes(name), name)
  }
})
