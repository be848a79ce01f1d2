import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { pathToFileURL } from 'node:url'
import {
  sourceRecord,
  type Plugin,
  type SourceConnector,
  type SourceOffset,
  type SourceTaskContext,
} from '../../../api/index.ts'
import { parseConfig } from '../../../config/index.ts'
import { root } from '../../../integration-tests/source-tree.ts'
import { discoverPlugins, PluginRegistry } from '../../../runtime/plugins/index.ts'
import { silentLogger } from '../../../runtime/telemetry/index.ts'
import { filesOfPage } from './examples.ts'

/** The plugin of the guide, installed as a user would. */
async function installed(t: TestContext): Promise<PluginRegistry> {
  const folder = await mkdtemp(join(tmpdir(), 'headrace-plugin-'))
  t.after(() => rm(folder, { recursive: true }))
  await mkdir(join(folder, 'node_modules'))
  await symlink(root, join(folder, 'node_modules', 'headrace'))
  const files = await filesOfPage('docs/guides/write-a-plugin.md')
  for (const name of ['package.json', 'plugin.js']) await writeFile(join(folder, name), files.get(name) ?? '')
  const [found] = await discoverPlugins([folder], folder, silentLogger)
  assert.equal(found?.name, 'headrace-counter')
  const module = (await import(pathToFileURL(found.file).href)) as { readonly default: Plugin }
  const registry = new PluginRegistry()
  registry.add(module.default, found.name)
  return registry
}

function contextOf(
  props: Readonly<Record<string, string>>,
  stored: SourceOffset | undefined,
): SourceTaskContext {
  return {
    connector: 'count',
    task: 0,
    props,
    log: silentLogger,
    lastOffset: async () => stored,
    lastOffsets: async (partitions) => partitions.map(() => stored),
  }
}

test('the connector of the guide counts on from its stored offset, by its short name', async (t) => {
  const plugin = (await installed(t)).connector('Counter') as SourceConnector
  const props = { 'topic': 'numbers', 'interval.ms': '1' }
  const task = await plugin.openTask(parseConfig(plugin.config, props), contextOf(props, { number: 41 }))
  const { signal } = new AbortController()

  const records = [...(await task.poll(signal)), ...(await task.poll(signal))]

  assert.deepEqual(
    records.map(({ topic, value, sourceOffset }) => [topic, value, sourceOffset]),
    [
      ['numbers', 42, { number: 42 }],
      ['numbers', 43, { number: 43 }],
    ],
  )
})

test('the connector of the guide answers at once when it is to stop', async (t) => {
  const plugin = (await installed(t)).connector('Counter') as SourceConnector
  const props = { 'topic': 'numbers', 'interval.ms': '60000' }
  const task = await plugin.openTask(parseConfig(plugin.config, props), contextOf(props, undefined))

  assert.deepEqual(await task.poll(AbortSignal.abort()), [])
})

test('the transform of the guide keeps every third number', async (t) => {
  const plugin = (await installed(t)).transform('example.EveryNth')
  const step = plugin.create(parseConfig(plugin.config, { nth: '3' }))
  const numbers = [1, 2, 3, 4, 5, 6].map((value) =>
    sourceRecord({ topic: 'numbers', sourcePartition: null, sourceOffset: null, value }),
  )

  assert.deepEqual(
    numbers.flatMap((record) => step.apply(record)?.value ?? []),
    [3, 6],
  )
})
