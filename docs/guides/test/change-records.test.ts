import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sourceRecord, type Transform } from '../../../api/index.ts'
import { parseConfig, parseProperties, withPrefix } from '../../../config/index.ts'
import { PluginRegistry } from '../../../runtime/plugins/index.ts'
import { transforms } from '../../../transforms/index.ts'
import { filesOfPage } from './examples.ts'

test('the expression of the guide keeps paid orders and computes their total', async () => {
  const files = await filesOfPage('docs/guides/change-records.md')
  const settings = parseProperties(files.get('orders.properties') ?? '').map(
    ({ key, value }) => [key, value] as const,
  )
  const { type, ...own } = withPrefix(Object.fromEntries(settings), 'transforms.paid.')
  const registry = new PluginRegistry()
  registry.add(transforms, 'headrace')
  const plugin: Transform = registry.transform(type ?? '')
  const step = plugin.create(parseConfig(plugin.config, own))
  const samples = JSON.parse(files.get('samples.json') ?? '') as readonly { readonly value: unknown }[]
  const place = { topic: 'orders', sourcePartition: null, sourceOffset: null }

  const results = await step.applyAll?.(samples.map(({ value }) => sourceRecord({ ...place, value })))

  assert.deepEqual(
    results?.map((result) =>
      'error' in result ? result.error : result.record && [result.record.key, result.record.value],
    ),
    [['o-1', { id: 'o-1', total: 5 }], null],
  )
})
