import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseSettings } from '../parse-settings.ts'
import { required } from './required.ts'

const parse = (props: Readonly<Record<string, string>> = {}) => parseSettings({ ...required, ...props })

test('settings are trimmed and have the types of the definition', () => {
  const config = parse({
    'topic.prefix': ' shop ',
    'database.port': '6543 ',
    'slot.failover': 'TRUE',
    'signal.enabled.channels': 'source, kafka',
    'database.password': 'secret',
  })
  assert.equal(config['topic.prefix'], 'shop')
  assert.equal(config['database.port'], 6543)
  assert.equal(config['slot.failover'], true)
  assert.deepEqual(config['signal.enabled.channels'], ['source', 'kafka'])
  assert.equal(config['database.password']?.reveal(), 'secret')
  assert.equal(config['max.queue.size'], 8192)
})

test('modes are in lower case, also their defaults', () => {
  assert.equal(parse({ 'snapshot.mode': 'When_Needed' })['snapshot.mode'], 'when_needed')
  assert.equal(parse()['incremental.snapshot.watermarking.strategy'], 'insert_insert')
})

test('flush.lsn.source takes effect unless lsn.flush.mode is set', () => {
  assert.equal(parse()['lsn.flush.mode'], 'connector')
  assert.equal(parse({ 'flush.lsn.source': 'false' })['lsn.flush.mode'], 'manual')
  const both = { 'flush.lsn.source': 'false', 'lsn.flush.mode': 'connector_and_driver' }
  assert.equal(parse(both)['lsn.flush.mode'], 'connector_and_driver')
})

test('heartbeat.topics.prefix takes effect unless topic.heartbeat.prefix is set', () => {
  assert.equal(parse()['topic.heartbeat.prefix'], '__debezium-heartbeat')
  assert.equal(parse({ 'heartbeat.topics.prefix': 'beat' })['topic.heartbeat.prefix'], 'beat')
  const both = { 'heartbeat.topics.prefix': 'beat', 'topic.heartbeat.prefix': 'pulse' }
  assert.equal(parse(both)['topic.heartbeat.prefix'], 'pulse')
})

test('connector_and_driver turns heartbeats on unless transactions are published', () => {
  const interval = (settings: Readonly<Record<string, string>>) =>
    parse({ 'lsn.flush.mode': 'connector_and_driver', ...settings })['heartbeat.interval.ms']
  assert.equal(interval({}), 600_000)
  assert.equal(interval({ 'heartbeat.interval.ms': '500' }), 500)
  assert.equal(interval({ 'provide.transaction.metadata': 'true' }), 0)
  assert.equal(parse()['heartbeat.interval.ms'], 0)
})

test('the signal topic is named after the topic prefix', () => {
  assert.equal(parse()['signal.kafka.topic'], 'shop-signal')
  assert.equal(parse({ 'signal.kafka.topic': 'signals' })['signal.kafka.topic'], 'signals')
})

test('seeking to the stored offset means trust_offset unless a strategy is set', () => {
  const seeks = { 'internal.slot.seek.to.known.offset.on.start': 'true' }
  assert.equal(parse(seeks)['offset.mismatch.strategy'], 'trust_offset')
  const both = { ...seeks, 'offset.mismatch.strategy': 'no_validation' }
  assert.equal(parse(both)['offset.mismatch.strategy'], 'no_validation')
})

test('a missing or invalid setting is refused with its name', () => {
  const refused = (props: Readonly<Record<string, string>>, configKey: string, message: string) =>
    assert.throws(() => parse(props), { code: 'HR_CONFIG_INVALID', configKey, message })
  refused(
    { 'database.user': ' ' },
    'database.user',
    "The 'database.user' value is invalid: A value is required",
  )
  refused(
    { 'max.batch.size': 'x' },
    'max.batch.size',
    "The 'max.batch.size' value is invalid: An integer is expected",
  )
  refused(
    { 'poll.interval.ms': '0' },
    'poll.interval.ms',
    "The 'poll.interval.ms' value is invalid: A positive, non-zero integer value is expected",
  )
})
