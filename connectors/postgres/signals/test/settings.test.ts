import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseSettings } from '../../config/parse-settings.ts'
import { signalSettings } from '../settings.ts'

const required = {
  'topic.prefix': 'p',
  'database.hostname': 'h',
  'database.user': 'u',
  'database.password': 'x',
  'database.dbname': 'd',
}

test('settings have the defaults of Debezium', () => {
  assert.deepEqual(signalSettings(parseSettings(required), undefined), {
    connectorName: 'p',
    channels: ['source'],
    pollIntervalMs: 5000,
    signalTable: undefined,
    readOnly: false,
    chunkSize: 1024,
    watermarking: 'insert_insert',
    kafkaTopic: 'p-signal',
    file: 'file-signals.txt',
  })
})

test('a chunk has at least one row', () => {
  const config = parseSettings({ ...required, 'incremental.snapshot.chunk.size': '0' })
  assert.equal(signalSettings(config, undefined).chunkSize, 1)
})
