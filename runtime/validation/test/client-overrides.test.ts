import assert from 'node:assert/strict'
import { test } from 'node:test'
import { overrideInfos } from '../client-overrides.ts'

const errorsOf = (key: string, value: string) =>
  overrideInfos('source', { [key]: value }, () => undefined).configs.flatMap(
    (config) => config.value?.errors ?? [],
  )

test('a compression level that does not exist is an error of its setting', () => {
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
