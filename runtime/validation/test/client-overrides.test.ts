import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clientTables, type ClientKind } from '../../kafka/settings/table/index.ts'
import { overrideInfos } from '../client-overrides.ts'
import { recordedSettings } from './recorded-client-settings.ts'

const errorsOf = (key: string, value: string) =>
  overrideInfos('source', { [key]: value }, () => undefined).configs.flatMap(
    (config) => config.value?.errors ?? [],
  )

test('an invalid compression level is an error of its setting', () => {
  const prefix = 'producer.override.compression'

  assert.deepEqual(errorsOf(`${prefix}.gzip.level`, '42'), [
    `Invalid value 42 for configuration ${prefix}.gzip.level: Value must be between 1 and 9 or equal to -1`,
  ])
  assert.deepEqual(errorsOf(`${prefix}.lz4.level`, '18'), [
    `Invalid value 18 for configuration ${prefix}.lz4.level: Value must be no more than 17`,
  ])
  assert.deepEqual(errorsOf(`${prefix}.zstd.level`, '23'), [
    `Invalid value 23 for configuration ${prefix}.zstd.level: Value must be no more than 22`,
  ])
  for (const level of ['-1', '1', '9']) assert.deepEqual(errorsOf(`${prefix}.gzip.level`, level), [])
})

for (const client of ['producer', 'consumer', 'admin'] as const) {
  test(`the settings of a ${client} are reported with the types and defaults of the Java client`, () => {
    for (const { name, type, importance, value } of recordedSettings[client]) {
      const key = `${client}.override.${name}`
      const props = { 'errors.deadletterqueue.topic.name': 'dead', [key]: null }
      const [info] = overrideInfos('sink', props, () => undefined).configs

      assert.ok(info?.definition, `${key} has no definition`)
      const { documentation, ...found } = info.definition
      assert.notEqual(documentation, '')
      assert.deepEqual(found, {
        name: key,
        type,
        required: value === undefined,
        default_value: value ?? null,
        importance,
        group: null,
        order_in_group: -1,
        width: 'NONE',
        display_name: name,
        dependents: [],
      })
    }
  })
}

test('the table has no setting that the Java clients do not have', () => {
  for (const [client, recorded] of Object.entries(recordedSettings)) {
    const names = recorded.map(({ name }) => name).toSorted()
    assert.deepEqual(Object.keys(clientTables[client as ClientKind]).toSorted(), names)
  }
})
