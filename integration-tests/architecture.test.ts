import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { errorCodes } from '../api/index.ts'
import { filesIn, importsOf, pathsIn, root, type Import } from './source-tree.ts'

/** The folders that each folder may import. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  'api': [],
  'java': ['api'],
  'testing': ['api', 'config', 'java'],
  'config': ['api', 'java'],
  'connectors': ['api', 'java'],
  'converters': ['api', 'java'],
  'transforms': ['api', 'java'],
  'runtime': ['api', 'java', 'config'],
  'rest-api': ['api', 'java', 'config', 'runtime'],
  'cli': ['api', 'java', 'config', 'connectors', 'converters', 'rest-api', 'runtime', 'transforms'],
}

/** Entry points besides `index.ts`; see the decision on entry points in docs/decisions. */
const sideDoors = [/^[a-z-]+\/catalog\.ts$/, /^runtime\/task-process\.ts$/]

/** The folders of `runtime`. Each may import the folders before it, through their `index.ts`. */
const layers = [
  'timing',
  'telemetry',
  'plugins',
  'kafka',
  'errors',
  'stores',
  'validation',
  'pipeline',
  'task',
  'worker',
  'herder',
  'assembly',
]

const codecHomes = ['runtime/kafka/record-batch/compression/', 'connectors/s3/compression/']

/** The only folder in which each package may be used; for codecs, that of batches and that of objects. */
const homes: Readonly<Record<string, string | readonly string[]>> = {
  '@aws-sdk/client-s3': 'connectors/s3/storage/',
  '@aws-sdk/credential-providers': 'connectors/s3/storage/',
  '@bokuweb/zstd-wasm': codecHomes,
  '@elastic/elasticsearch': 'connectors/elasticsearch/server/',
  '@fastify/type-provider-typebox': 'rest-api/',
  '@node-rs/crc32': 'runtime/kafka/record-batch/',
  'ajv': 'config/files/',
  'avsc': 'connectors/s3/formats/avro/',
  'fastify': 'rest-api/',
  'fzstd': 'connectors/s3/formats/compression/',
  'hyparquet': 'connectors/s3/formats/parquet/',
  'jsonata': 'transforms/expression/',
  'kafkajs': 'runtime/kafka/connection/',
  'lz4-napi': codecHomes,
  'node-forge': 'java/tls/',
  'pg': 'connectors/postgres/connection/',
  'pino': 'runtime/telemetry/',
  're2js': 'java/regex/',
  'snappy': codecHomes,
  'typebox': 'rest-api/',
}

const isTest = (path: string): boolean => path.split('/').includes('test')
const topOf = (path: string): string => path.slice(0, path.indexOf('/'))

async function sourceImports(folder: string): Promise<Import[]> {
  return importsOf((await filesIn(folder, '.ts')).filter(({ path }) => !isTest(path)))
}

for (const [folder, allowed] of Object.entries(mayImport)) {
  test(`${folder} imports ${allowed.join(', ') || 'no other folder'}, only through entry points`, async () => {
    for (const { path, target, ours } of await sourceImports(folder)) {
      const other = topOf(target)
      if (!ours || other === folder) continue
      assert.ok(allowed.includes(other), `${path} imports ${target}: ${folder} may not import ${other}`)
      const door =
        target === `${other}/index.ts` ||
        folder === 'java' ||
        sideDoors.some((pattern) => pattern.test(target))
      assert.ok(door, `${path} imports ${target}, which is not an entry point of ${other}`)
    }
  })
}

test('a connector imports no other connector, only what connectors share', async () => {
  for (const { path, target, ours } of await sourceImports('connectors')) {
    const [own = '', other = ''] = [path, target].map((name) => name.split('/')[1])
    if (!ours || topOf(target) !== 'connectors' || own === other || own.endsWith('.ts')) continue
    assert.ok(
      other === 'shared' || (other === 'catalog.ts' && own !== 'shared'),
      `${path} imports ${target}: connectors/${own} may not import connectors/${other}`,
    )
  }
})

test('each folder of runtime imports only lower layers, through their index', async () => {
  for (const { path, target, ours } of await sourceImports('runtime')) {
    const [folder = '', other = ''] = [path, target].map((name) => name.split('/')[1])
    if (!ours || topOf(target) !== 'runtime' || folder === other || folder.endsWith('.ts')) continue
    assert.ok(layers.includes(folder), `runtime/${folder} is not in the list of layers`)
    assert.ok(
      layers.indexOf(other) < layers.indexOf(folder),
      `${path} imports ${target}, which is not in a lower layer`,
    )
    assert.equal(
      target,
      `runtime/${other}/index.ts`,
      `${path} imports ${target} instead of the index of ${other}`,
    )
  }
})

test('each package is used only in its own folder, and every dependency is used', async () => {
  const all = (await Promise.all(Object.keys(mayImport).map(sourceImports))).flat()
  const packages = all.filter(({ target, ours }) => !ours && !target.startsWith('node:'))
  for (const { path, target } of packages) {
    const home = homes[target]
    assert.ok(home !== undefined, `${path} imports ${target}, which has no folder in this test`)
    assert.ok(
      [home].flat().some((folder) => path.startsWith(folder)),
      `${path} imports ${target}, which may be used only in ${String(home)}`,
    )
  }
  const { dependencies, optionalDependencies } = JSON.parse(
    await readFile(join(root, 'package.json'), 'utf8'),
  ) as {
    dependencies: Readonly<Record<string, string>>
    optionalDependencies: Readonly<Record<string, string>>
  }
  const used = new Set(packages.map(({ target }) => target))
  assert.deepEqual([...used].toSorted(), Object.keys({ ...dependencies, ...optionalDependencies }).toSorted())
})

test('a process that registers the connectors loads no package and none of the modules of their methods', async () => {
  const loaded = new Set<string>()
  const whenCalled: string[] = []
  const load = async (path: string): Promise<void> => {
    if (loaded.has(path)) return
    loaded.add(path)
    const text = await readFile(path, 'utf8')
    const targets = (pattern: RegExp) => [...text.matchAll(pattern)].map(([, target = '']) => target)
    whenCalled.push(...targets(/\bimport\('([^']+)'\)/g).map((target) => join(dirname(path), target)))
    for (const target of targets(/\bfrom '([^']+)'/g)) {
      if (target.startsWith('.')) await load(join(dirname(path), target))
      else if (path.startsWith(connectors)) assert.match(target, /^node:/, path)
    }
  }
  const connectors = join(root, 'dist/connectors/')
  await load(join(connectors, 'index.js'))
  assert.deepEqual(
    whenCalled.filter((path) => loaded.has(path)),
    [],
  )
})

test('there are no default exports, and no export of everything', async () => {
  for (const folder of Object.keys(mayImport)) {
    for (const { path, text } of await filesIn(folder, '.ts')) {
      if (path.endsWith('.d.ts')) continue
      assert.doesNotMatch(text, /^export (?:default|\*)/m, path)
    }
  }
})

test('no file or folder has a meaningless name', async () => {
  const empty = /^(?:utils?|helpers?|manager|common|misc|shared-?utils)(?:\.\w+)*$/
  for (const path of await pathsIn()) {
    for (const part of path.split('/')) assert.doesNotMatch(part, empty, path)
  }
})

test('no file contains the path of a folder on a particular machine', async () => {
  const places = new RegExp(['home', 'Users', 'root', 'work'].map((name) => `/${name}/[a-z]`).join('|'))
  const outside = new RegExp(String.raw`\.\./` + 'shared/(?:spec|golden|lab)')
  for (const folder of [...Object.keys(mayImport), 'bench', 'docs', 'integration-tests']) {
    for (const { path, text } of [...(await filesIn(folder, '.ts')), ...(await filesIn(folder, '.md'))]) {
      assert.doesNotMatch(text, places, path)
      assert.doesNotMatch(text, outside, path)
    }
  }
})

/** Codes for plugins that the built-in plugins do not use. */
const forPlugins = ['HR_PROJECTION_FAILED']

test('every error code is used', async () => {
  const files = (await Promise.all(Object.keys(mayImport).map((folder) => filesIn(folder, '.ts')))).flat()
  const texts = files.filter(({ path }) => path !== 'api/errors.ts' && !isTest(path)).map(({ text }) => text)
  for (const code of Object.keys(errorCodes)) {
    if (forPlugins.includes(code)) continue
    assert.ok(
      texts.some((text) => text.includes(`'${code}'`)),
      `${code} is never thrown`,
    )
  }
})
