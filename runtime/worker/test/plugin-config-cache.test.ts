import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cachePluginConfigs } from '../plugin-config-cache.ts'

function open() {
  const asked: string[] = []
  const configs = cachePluginConfigs(async (name, version) => {
    asked.push([name, version].filter((part) => part !== undefined).join(' '))
    if (name === 'Absent') throw new RangeError('no such plugin')
    return []
  })
  return { asked, configs }
}

test('the settings of a plugin are requested once, until plugins are reloaded', async () => {
  const { asked, configs } = open()
  await Promise.all([configs.of('Lines'), configs.of('Lines'), configs.of('Table')])
  await configs.of('Lines')
  assert.deepEqual(asked, ['Lines', 'Table'])
  configs.forget()
  await configs.of('Lines')
  assert.deepEqual(asked, ['Lines', 'Table', 'Lines'])
})

test('failures and requests with a version are not cached', async () => {
  const { asked, configs } = open()
  await assert.rejects(configs.of('Absent'), RangeError)
  await assert.rejects(configs.of('Absent'), RangeError)
  await configs.of('Lines', '1')
  await configs.of('Lines', '1')
  assert.deepEqual(asked, ['Absent', 'Absent', 'Lines 1', 'Lines 1'])
})
