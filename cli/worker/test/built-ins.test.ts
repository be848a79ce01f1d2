import assert from 'node:assert/strict'
import { test } from 'node:test'
import { builtInProviders } from '../../../config/index.ts'
import { connectors } from '../../../connectors/index.ts'
import { converters } from '../../../converters/index.ts'
import { PluginRegistry, type PluginInfo } from '../../../runtime/plugins/index.ts'
import { transforms } from '../../../transforms/index.ts'
import { builtIns } from '../built-ins.ts'

/** For example `handlesDeletion`, without which the herder does not call `deleted` of a connector. */
test('the metadata of the built-in plugins is what their code has', () => {
  const registry = new PluginRegistry()
  for (const plugin of [connectors, converters, transforms, { configProviders: builtInProviders }])
    registry.add(plugin, 'of Headrace itself')
  assert.deepEqual(builtIns.toSorted(byName), registry.list().toSorted(byName))
})

const byName = (a: PluginInfo, b: PluginInfo): number => (keyOf(a) < keyOf(b) ? -1 : 1)

const keyOf = ({ kind, className }: PluginInfo): string => `${kind} ${className}`
