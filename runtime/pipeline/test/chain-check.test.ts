import assert from 'node:assert/strict'
import { test } from 'node:test'
import { transforms } from '../../../transforms/index.ts'
import { PluginRegistry } from '../../plugins/index.ts'
import { checkChain } from '../chain-check.ts'

const registry = new PluginRegistry()
registry.add(transforms, 'of this test')

const check = (own: Readonly<Record<string, string>>) => () =>
  checkChain(registry, {
    'transforms': 'a',
    'transforms.a.type': 'org.apache.kafka.connect.transforms.MaskField$Value',
    ...own,
  })

test('a list setting with duplicates is rejected', () => {
  check({ 'transforms.a.fields': 'x,y' })()
  assert.throws(check({ 'transforms.a.fields': 'x,x' }), {
    code: 'HR_CONFIG_INVALID',
    message: "Configuration 'fields' values must not be duplicated.",
  })
})

test('a class name with surrounding whitespace is rejected', () => {
  const type = ' org.apache.kafka.connect.transforms.Filter'
  assert.throws(check({ 'transforms.a.type': type }), {
    message: `Invalid value ${type} for configuration transforms.a.type: Error getting config definition from Transformation: ${type}`,
  })
})
