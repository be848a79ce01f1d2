import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isConnectError, reasonOf } from '../../../../api/index.ts'
import type { LogStorage } from '../log-storage.ts'
import { ensureTopic } from '../log-topic.ts'

const logTopic = {
  topic: 'a b',
  partitions: 1,
  replicationFactor: 3,
  configs: {},
  setting: 'config.storage.topic',
  replicationSetting: 'config.storage.replication.factor',
  purpose: 'connector configurations',
}

/** Calls `ensureTopic` with an admin client that fails as given, and returns the error. */
async function failureOf(changes: Partial<LogStorage['admin']>): Promise<unknown> {
  const admin: LogStorage['admin'] = {
    existing: async () => [],
    create: async () => 'created',
    cleanupPolicy: async () => undefined,
    ...changes,
  }
  try {
    return await ensureTopic(admin, logTopic, new AbortController().signal)
  } catch (error) {
    return error
  }
}

const refused = (type: string) => Object.assign(new Error(`it failed (${type})`), { type })

test('an invalid name of a topic is reported with its setting', async () => {
  const error = await failureOf({ existing: () => Promise.reject(refused('INVALID_TOPIC_EXCEPTION')) })
  assert.ok(isConnectError(error))
  assert.deepEqual([error.code, error.configKey], ['HR_CONFIG_INVALID', 'config.storage.topic'])
  assert.match(error.message, /^Invalid value a b for config\.storage\.topic: /)
})

test('too few brokers for the replication factor are reported once, with the remedy at the end', async () => {
  const cause = refused('INVALID_REPLICATION_FACTOR')
  const error = await failureOf({
    create: () => Promise.reject(new Error('there is only 1 broker.', { cause })),
  })
  assert.equal(
    reasonOf(error),
    'there is only 1 broker. Set config.storage.replication.factor to the number of brokers or less, or start more brokers',
  )
})
