import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PluginCatalog, type PluginInfo } from '../../plugins/index.ts'
import { requireConverters } from '../worker-converters.ts'

const STRING = 'org.example.StringConverter'
const builtIn: PluginInfo[] = [
  { className: STRING, kind: 'converter', version: '1' },
  { className: STRING, kind: 'header_converter', version: '1' },
  { className: 'org.example.Mask', kind: 'transformation', version: '1' },
]

/** A runtime whose plugin packages include a converter. */
function open() {
  const catalog = new PluginCatalog(builtIn)
  const calls: string[] = []
  const runtime = {
    discover: async () => {
      calls.push('discover')
      catalog.adopt([{ className: 'org.example.OwnConverter', kind: 'converter', version: '1' }])
    },
    close: async () => void calls.push('close'),
  }
  return { calls, require: (props: Record<string, string>) => requireConverters(props, catalog, runtime) }
}

test('built-in converters are found by full and short name without loading packages', async () => {
  const { calls, require } = open()
  await require({
    'key.converter': STRING,
    'value.converter': 'String',
    'header.converter': 'StringConverter',
  })
  assert.deepEqual(calls, [])
})

test('the converter of a package is found', async () => {
  const { calls, require } = open()
  await require({ 'key.converter': 'org.example.OwnConverter', 'value.converter': 'String' })
  assert.deepEqual(calls, ['discover'])
})

test('an unknown converter is rejected with the message of Java, and nothing stays open', async () => {
  const { calls, require } = open()
  await assert.rejects(require({ 'key.converter': 'String', 'value.converter': 'org.example.NoSuch' }), {
    code: 'HR_CONFIG_INVALID',
    message:
      'Invalid value org.example.NoSuch for configuration value.converter: Class org.example.NoSuch could not be found.',
  })
  assert.deepEqual(calls, ['discover', 'close'])
})

test('a plugin of another kind is rejected as a converter', async () => {
  await assert.rejects(open().require({ 'key.converter': 'Mask' }), /Class Mask is not a converter for keys/)
  const own = 'org.example.OwnConverter'
  await assert.rejects(open().require({ 'header.converter': own }), /is not a converter for headers/)
})
