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

test('the settings of a plugin are asked for once, until plugins are loaded anew', async () => {
  const { asked, configs } = open()
  await Promise.all([configs.of('Lines'), configs.of('Lines'), configs.of('Table')])
  await configs.of('Lines')
  assert.deepEqual(asked, ['Lines', 'Table'])
  configs.forget()
  await configs.of('Lines')
  assert.deepEqual(asked, ['Lines', 'Table', 'Lines'])
})

test('a failure is not kept, and a version is asked for each time', async () => {
  const { asked, configs } = open()
  await assert.rejects(configs.of('Absent'), RangeError)
  await assert.rejects(configs.of('Absent'), RangeError)
  await configs.of('Lines', '1')
  await configs.of('Lines', '1')
  assert.deepEqual(asked, ['Absent', 'Absent', 'Lines 1', 'Lines 1'])
})
