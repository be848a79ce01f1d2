import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Plugin } from '../../../api/index.ts'
import { PluginCatalog } from '../catalog.ts'
import { PluginRegistry } from '../registry.ts'

const entry = (kind: string, name: string, more: object = {}) => ({
  kind,
  name,
  version: '1',
  config: {},
  ...more,
})

/** Real plugins are untyped input, so tests may pass any object. */
const plugin = (lists: object): Plugin => lists

const good = plugin({
  connectors: [entry('source', 'a.OneConnector'), entry('sink', 'a.TwoConnector')],
  transforms: [entry('transformation', 'a.Mask$Value')],
  predicates: [entry('predicate', 'a.IsBig')],
  converters: [entry('converter', 'a.TextConverter', { roles: ['key', 'value', 'header'] })],
})

function registryWith(...plugins: Plugin[]): PluginRegistry {
  const registry = new PluginRegistry()
  for (const one of plugins) registry.add(one, 'test')
  return registry
}

test('plugins are found by full and short name', () => {
  const registry = registryWith(good)

  assert.equal(registry.connector('One').name, 'a.OneConnector')
  assert.equal(registry.connector('a.TwoConnector').name, 'a.TwoConnector')
  assert.equal(registry.transform('a.Mask$Value').name, 'a.Mask$Value')
  assert.equal(registry.predicate('IsBig').name, 'a.IsBig')
  assert.equal(registry.converter('Text', 'header').name, 'a.TextConverter')
})

test('a connector is found by its own aliases, also where its code is not loaded', () => {
  const aliases = ['lines.of.text']
  const registry = registryWith(plugin({ connectors: [entry('source', 'a.LinesConnector', { aliases })] }))
  assert.equal(registry.connector('lines.of.text').name, 'a.LinesConnector')

  const catalog = new PluginCatalog(registry.list())
  assert.equal(catalog.find('lines.of.text')?.className, 'a.LinesConnector')
  assert.equal(catalog.has('lines.of.text', 'source'), true)
})

test('plugins are listed by kind and name, and header converters twice', () => {
  assert.deepEqual(
    registryWith(good)
      .list()
      .map(({ kind, className }) => `${kind} ${className}`),
    [
      'sink a.TwoConnector',
      'source a.OneConnector',
      'transformation a.Mask$Value',
      'predicate a.IsBig',
      'converter a.TextConverter',
      'header_converter a.TextConverter',
    ],
  )
})

test('the error for an unknown connector lists the available ones', () => {
  assert.throws(() => registryWith(good).connector('Three'), {
    message:
      'Failed to find any class that implements Connector and which name matches Three, available connectors are: ' +
      'a.TwoConnector (sink, 1), a.OneConnector (source, 1)',
  })
})

test('a class of another kind is rejected', () => {
  const registry = registryWith(good)

  assert.throws(() => registry.transform('a.IsBig'), { message: 'Class a.IsBig is not a Transformation' })
  assert.throws(() => registry.predicate('a.None'), { message: 'Class a.None could not be found.' })
  assert.equal(registry.configProvider('a.IsBig'), undefined)
})

for (const [what, broken, reason] of [
  ['is nothing', undefined, 'its default export is not an object'],
  ['has a value that is not an array', { connectors: {} }, "'connectors' is not an array"],
  ['has an empty entry', { transforms: [null] }, "entry 0 of 'transforms' has no name"],
  ['has an entry without a name', { transforms: [{ kind: 'transformation' }] }, 'has no name'],
  [
    'has an entry of the wrong kind',
    { connectors: [entry('predicate', 'a.B')] },
    "has kind 'predicate', expected source or sink",
  ],
  [
    'has an entry without a version',
    { predicates: [{ ...entry('predicate', 'a.B'), version: 1 }] },
    'has no version',
  ],
  [
    'has an entry without settings',
    { predicates: [{ ...entry('predicate', 'a.B'), config: null }] },
    'has no config definition',
  ],
] as const) {
  test(`a package that ${what} is rejected as a whole`, () => {
    const registry = registryWith(good)
    const before = registry.list()

    assert.throws(
      () => registry.add(broken as unknown as Plugin, 'pkg'),
      (error: Error & { code?: string }) => {
        assert.equal(error.code, 'HR_PLUGIN_BROKEN')
        assert.match(error.message, /^Cannot use the plugin pkg: /)
        return error.message.includes(reason)
      },
    )
    assert.deepEqual(registry.list(), before)
  })
}
