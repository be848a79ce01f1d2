import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseSettings } from '../../config/parse-settings.ts'
import { eventContext, eventSettings } from '../context.ts'
import { contextOf, defaults } from './fixtures.ts'

const required = {
  'topic.prefix': 'shop',
  'database.hostname': 'localhost',
  'database.user': 'app',
  'database.dbname': 'shopdb',
}

test('the settings have the defaults of Debezium', () => {
  assert.deepEqual(eventSettings(parseSettings(required), new Set(['t'])), defaults)
})

test('the settings of events are those of the connector', () => {
  const settings = eventSettings(
    parseSettings({
      ...required,
      'heartbeat.topics.prefix': 'old',
      'topic.heartbeat.name': 'beats',
      'topic.transaction': 'tx',
      'topic.delimiter': '_',
      'schema.name.adjustment.mode': 'AVRO',
      'tombstones.on.delete': 'false',
      'extended.headers.enabled': 'false',
      'skip.messages.without.change': 'true',
    }),
    new Set(),
  )
  assert.deepEqual(settings, {
    ...defaults,
    heartbeatPrefix: 'old',
    heartbeatName: 'beats',
    transactionName: 'tx',
    topicDelimiter: '_',
    schemaNameAdjustment: 'avro',
    tombstonesOnDelete: false,
    extendedHeadersEnabled: false,
    skipMessagesWithoutChange: true,
    skippedOperations: new Set(),
  })
})

test('each start of a task has its own run ID', () => {
  const { settings, columns, readerOf } = contextOf()
  const runIds = [1, 2].map(() => eventContext(settings, columns, readerOf).headers.at(-1)?.value)
  assert.match(String(runIds[0]), /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/)
  assert.notEqual(runIds[0], runIds[1])
})

test('the source partition has the prefix of the topics', () => {
  assert.deepEqual(contextOf().sourcePartition, { server: 'shop' })
})
