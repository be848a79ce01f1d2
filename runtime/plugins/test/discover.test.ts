import assert from 'node:assert/strict'
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { silentLogger } from '../../telemetry/index.ts'
import { discoverPlugins } from '../discover.ts'

/** Creates a folder with package.json files, given by their folders. */
async function tree(t: TestContext, manifests: Readonly<Record<string, unknown>>): Promise<string> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'headrace-')))
  t.after(() => rm(root, { recursive: true }))
  for (const [folder, manifest] of Object.entries(manifests)) {
    await mkdir(join(root, folder), { recursive: true })
    const text = typeof manifest === 'string' ? manifest : JSON.stringify(manifest)
    await writeFile(join(root, folder, 'package.json'), text)
  }
  return root
}

async function discover(pluginPath: readonly string[], projectDir: string) {
  const warnings: string[] = []
  const log = { ...silentLogger, warn: (message: string) => warnings.push(message) }
  const found = await discoverPlugins(pluginPath, projectDir, log)
  return { found, names: found.map(({ name }) => name).toSorted(), warnings }
}

const manifest = (name: string) => ({ name, version: '1.2.3', headrace: './plugin.js' })

test('packages are found in plugin.path, including scoped ones and those in node_modules', async (t) => {
  const root = await tree(t, {
    'plugins/one': manifest('one'),
    'plugins/@org/two': manifest('@org/two'),
    'plugins/node_modules/three': manifest('three'),
    'plugins/node_modules/@org/four': manifest('@org/four'),
    'plugins/no-plugin': { name: 'no-plugin' },
    'plugins/broken': '{',
    'single': manifest('single'),
  })
  const { names, found } = await discover([join(root, 'plugins'), join(root, 'single')], root)

  assert.deepEqual(names, ['@org/four', '@org/two', 'one', 'single', 'three'])
  assert.deepEqual(
    found.find(({ name }) => name === 'one'),
    {
      name: 'one',
      version: '1.2.3',
      file: join(root, 'plugins', 'one', 'plugin.js'),
    },
  )
})

test('packages are found among the dependencies of the project', async (t) => {
  const root = await tree(t, {
    'project': { dependencies: { one: '*', plain: '*', absent: '*' } },
    'project/node_modules/one': manifest('one'),
    'project/node_modules/plain': { name: 'plain' },
    'project/node_modules/other': manifest('other'),
  })

  assert.deepEqual((await discover([], join(root, 'project'))).names, ['one'])
})

test('a package that is found twice is listed once', async (t) => {
  const root = await tree(t, { one: manifest('one'), plugins: 'no manifest' })
  await symlink(join(root, 'one'), join(root, 'plugins', 'link'))

  assert.deepEqual((await discover([join(root, 'plugins'), join(root, 'one')], root)).names, ['one'])
})

test('a missing folder is skipped with a warning', async (t) => {
  const root = await tree(t, { one: manifest('one') })
  const { names, warnings } = await discover([join(root, 'absent'), join(root, 'one')], root)

  assert.deepEqual([names, warnings], [['one'], ['a folder of plugin.path does not exist; ignoring it']])
})

test('JAR files and other files in plugin.path cause specific warnings', async (t) => {
  const root = await tree(t, { 'mixed/one': manifest('one') })
  for (const folder of ['flat', 'nested/jdbc', 'mixed/jdbc']) {
    await mkdir(join(root, folder), { recursive: true })
    await writeFile(join(root, folder, 'connector.JAR'), '')
  }
  await writeFile(join(root, 'notes.txt'), '')
  const jars = 'is ignored: Java plugins are not supported; install an npm package instead'
  for (const [path, warning] of [
    ['flat/connector.JAR', `a JAR file of plugin.path ${jars}`],
    ['flat', `JAR files in a folder of plugin.path ${jars}`],
    ['nested', `JAR files in a folder of plugin.path ${jars}`],
    ['mixed', `JAR files in a folder of plugin.path ${jars}`],
    ['notes.txt', 'an entry of plugin.path is a file, expected a folder; ignoring it'],
  ] as const) {
    assert.deepEqual((await discover([join(root, path)], root)).warnings, [warning], path)
  }
  assert.deepEqual((await discover([join(root, 'mixed')], root)).names, ['one'])
})

test('nothing is logged once the start of the worker is cancelled', async (t) => {
  const root = await tree(t, { 'plugins/one': manifest('one') })
  const stop = new AbortController()
  const lines: string[] = []
  const log = { ...silentLogger, info: (message: string) => void lines.push(message) }
  const discovering = discoverPlugins([join(root, 'plugins')], root, log, stop.signal)
  stop.abort(new Error('stopped'))
  await assert.rejects(discovering, /stopped/)
  assert.deepEqual(lines, [])
})
