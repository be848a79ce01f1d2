import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ConfigKey } from '../../../../api/index.ts'
import { postgresConfig } from '../definition.ts'
import { debeziumSettings } from './debezium-settings.ts'

const settings: readonly (readonly [string, ConfigKey])[] = Object.entries(postgresConfig)
const listed = settings.filter(([, { extension }]) => extension !== true)

const defaultText = (value: ConfigKey['default']): string =>
  Array.isArray(value) ? value.join(',') : String(value)

test('the listed settings equal those of Debezium, except for the default of plugin.name', () => {
  const found = listed.map(([name, setting]) => [
    name,
    setting.type.toUpperCase(),
    defaultText(setting.default),
    setting.importance.toUpperCase(),
    setting.group,
    String(setting.order),
    (setting.width ?? 'none').toUpperCase(),
    setting.displayName,
    ...(setting.dependents ?? []),
  ])
  const expected = debeziumSettings.map((row) => (row[0] === 'plugin.name' ? row.with(2, 'pgoutput') : row))
  assert.deepEqual(found, expected)
})

test('no setting is required by its definition, so that a missing one has the message of Debezium', () => {
  assert.deepEqual(
    settings.filter(([, setting]) => setting.default === undefined),
    [],
  )
})

test('each setting is documented in a sentence', () => {
  for (const [name, { doc }] of settings) assert.match(doc, /^[A-Z].*\.$/, name)
})

test('a value that does not have the type has the messages of the type and of the rule', () => {
  const messages = (name: string) => settings.find(([key]) => key === name)?.[1].unparseable?.(name)
  assert.deepEqual(messages('database.port'), [
    "The 'database.port' value is invalid: An integer is expected",
    "The 'database.port' value is invalid: An integer is expected",
  ])
  assert.deepEqual(messages('heartbeat.interval.ms'), [
    "The 'heartbeat.interval.ms' value is invalid: An integer is expected",
    "The 'heartbeat.interval.ms' value is invalid: An non-negative integer is expected",
  ])
  assert.deepEqual(messages('slot.failover'), [
    "The 'slot.failover' value is invalid: Either 'true' or 'false' is expected",
  ])
})

test('a value outside of the range or the fixed values is refused with the message of Debezium', () => {
  const check = (name: string, value: unknown) =>
    settings.find(([key]) => key === name)?.[1].validate?.check(name, value)
  assert.equal(
    check('snapshot.mode', 'never'),
    "The 'snapshot.mode' value is invalid: Value must be one of always, initial_only, configuration_based, when_needed, initial, custom, no_data",
  )
  assert.equal(check('snapshot.mode', ' INITIAL'), undefined)
  assert.equal(
    check('snapshot.max.threads', 0),
    "The 'snapshot.max.threads' value is invalid: A positive, non-zero integer value is expected",
  )
  assert.equal(check('snapshot.fetch.size', null), undefined)
})
