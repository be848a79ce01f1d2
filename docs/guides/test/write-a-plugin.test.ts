import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text as readAll } from 'node:stream/consumers'
import { test, type TestContext } from 'node:test'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import {
  isNotReady,
  sourceRecord,
  type Plugin,
  type SinkConnector,
  type SourceConnector,
  type SourceOffset,
  type SourceTaskContext,
} from '../../../api/index.ts'
import { converterContext, sinkRecord, sinkTaskContext, sourceTaskContext } from '../../../testing/index.ts'
import { parseConfig } from '../../../config/index.ts'
import { root } from '../../../integration-tests/source-tree.ts'
import { discoverPlugins, PluginRegistry } from '../../../runtime/plugins/index.ts'
import { silentLogger } from '../../../runtime/telemetry/index.ts'
import { filesOfPage } from './examples.ts'

const codeFiles = [
  'plugin.js',
  'webhook.js',
  'lines.js',
  'archive.js',
  'registered.js',
  'separated.js',
  'plugin.test.js',
]

/** Creates a directory with the plugin of the guide, installed as a user would. */
async function installedFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'headrace-plugin-'))
  t.after(() => rm(folder, { recursive: true }))
  await mkdir(join(folder, 'node_modules'))
  await symlink(root, join(folder, 'node_modules', 'headrace'))
  const files = await filesOfPage('docs/guides/write-a-plugin.md')
  for (const name of ['package.json', ...codeFiles]) {
    const text = files.get(name)
    assert.ok(text !== undefined, `the guide has no ${name}`)
    await writeFile(join(folder, name), text)
  }
  return folder
}

async function installed(t: TestContext): Promise<PluginRegistry> {
  const folder = await installedFolder(t)
  const [found] = await discoverPlugins([folder], folder, silentLogger)
  assert.equal(found?.name, 'headrace-counter')
  const module = (await import(pathToFileURL(found.file).href)) as { readonly default: Plugin }
  const registry = new PluginRegistry()
  registry.add(module.default, found.name)
  return registry
}

const contextOf = (props: Readonly<Record<string, string>>, stored?: SourceOffset): SourceTaskContext =>
  sourceTaskContext({ props, stored: () => stored }).context

test('the connector of the guide resumes from its stored offset, by its short name', async (t) => {
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

test('the connector of the guide returns from poll immediately when the signal is aborted', async (t) => {
  const plugin = (await installed(t)).connector('Counter') as SourceConnector
  const props = { 'topic': 'numbers', 'interval.ms': '60000' }
  const task = await plugin.openTask(parseConfig(plugin.config, props), contextOf(props))

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

test('the sink of the guide posts lines of JSON with its token, and reports retriable errors', async (t) => {
  const plugin = (await installed(t)).connector('Webhook') as SinkConnector
  const posts: string[] = []
  let status = 200
  const server = createServer((request, response) => {
    void readAll(request).then((body) => {
      posts.push(`${request.headers.authorization} ${body}`)
      response.writeHead(status).end()
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  const { port } = server.address() as AddressInfo
  const props = { url: `http://127.0.0.1:${port}/`, token: 'secret' }
  const { context } = sinkTaskContext({ props })
  const task = await plugin.openTask(parseConfig(plugin.config, props), context)
  const records = [1, 2].map((offset) =>
    sinkRecord({ topic: 'numbers', partition: 0, offset, value: { n: offset } }),
  )
  const { signal } = new AbortController()

  await task.put(records, signal)
  assert.deepEqual(posts, ['Bearer secret {"n":1}\n{"n":2}\n'])
  status = 503
  await assert.rejects(async () => task.put(records, signal), { code: 'HR_RETRIABLE' })
  status = 400
  await assert.rejects(async () => task.put(records, signal), { code: 'HR_CONNECT' })
})

test('the converter of the guide writes lists as lines', async (t) => {
  const plugin = (await installed(t)).converter('Separated', 'value')
  const converter = plugin.create(parseConfig(plugin.config, { separator: ';' }), 'value', converterContext())

  assert.equal(converter.fromConnect('t', null, ['a', 'b']), 'a;b')
  assert.deepEqual(converter.toConnect('t', Buffer.from('a;b')), { schema: null, value: ['a', 'b'] })
  assert.throws(() => converter.fromConnect('t', null, ['a;b']), { code: 'HR_DATA_INVALID' })
})

test('the registry converter of the guide asks once for each schema, and is ready then', async (t) => {
  const requests: string[] = []
  const server = createServer(({ url = '' }, response) => {
    requests.push(url)
    const body = { id: 7, schema: '{"required":["id"]}' }
    response.writeHead(url.endsWith('/8') ? 404 : 200).end(JSON.stringify(body))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  const { port } = server.address() as AddressInfo
  const plugin = (await installed(t)).converter('Registered', 'value')
  const config = parseConfig(plugin.config, { 'registry.url': `http://127.0.0.1:${port}` })
  const converter = plugin.create(config, 'value', converterContext())
  const read = (id: number, json: string) =>
    converter.toConnect('t', Buffer.from([0, 0, 0, 0, id, ...Buffer.from(json)]))
  const waitFor = async (convert: () => unknown) => {
    try {
      convert()
    } catch (error) {
      if (isNotReady(error)) await error.ready
    }
  }

  await Promise.all([waitFor(() => read(7, '{}')), waitFor(() => read(7, '{}'))])
  assert.deepEqual(read(7, '{"id":1}').value, { id: 1 })
  assert.throws(() => read(7, '{}'), { code: 'HR_DATA_INVALID' })
  await assert.rejects(
    waitFor(() => read(8, '{}')),
    { code: 'HR_DATA_INVALID' },
  )
  assert.deepEqual(requests, ['/schemas/ids/7', '/schemas/ids/8'])
})

/** Runs the acceptance tests in a folder and resolves to their output. */
async function acceptanceIn(folder: string): Promise<string> {
  const { NODE_TEST_CONTEXT: _context, ...env } = process.env // start a separate test runner
  const args = ['--test', '--test-reporter=tap', join(folder, 'plugin.test.js')]
  const run = promisify(execFile)(process.execPath, args, { cwd: folder, env })
  return run.then(
    ({ stdout }) => stdout,
    ({ stdout }: { readonly stdout: string }) => stdout, // tests have failed
  )
}

test('the acceptance tests of the guide pass', async (t) => {
  const stdout = await acceptanceIn(await installedFolder(t))
  assert.match(stdout, /^# fail 0$/m)
  for (const name of [
    'ArchiveConnector',
    'CounterConnector',
    'LinesConnector',
    'WebhookConnector',
    'EveryNth',
    'RegisteredConverter',
    'SeparatedConverter',
  ]) {
    assert.match(stdout, new RegExp(`^ok .*example\\.${name}`, 'm'))
  }
  for (const name of [
    'LinesConnector fails when',
    'ArchiveConnector fails when',
    'ArchiveConnector writes what',
  ]) {
    assert.match(stdout, new RegExp(`^ok .*example\\.${name}(?!.*# SKIP)`, 'm'))
  }
})

const faults = [
  {
    name: 'a source that ignores the end of its connection',
    file: 'lines.js',
    good: 'receive().catch((error) => queue.fail(error))',
    bad: 'receive().catch(() => {})',
    failing: 'LinesConnector fails when the system that it reads from breaks down',
  },
  {
    name: 'a source that uses its context after close',
    file: 'lines.js',
    good: 'receive().catch((error) => queue.fail(error))',
    bad: 'receive().catch((error) => fail(error))',
    failing: 'LinesConnector can be closed before the first poll',
  },
  {
    name: 'a source whose poll does not wake up',
    file: 'lines.js',
    good: 'queue.poll(signal)',
    bad: 'queue.poll(new AbortController().signal)',
    failing: 'LinesConnector stops in time',
  },
  {
    name: 'a source that cannot do with what committed gets',
    file: 'lines.js',
    good: 'for (const [, { line }] of offsets)',
    bad: 'for (const { line } of [offsets[0][1]])',
    failing: 'LinesConnector accepts deliveries and commits',
  },
  {
    name: 'a sink that does not write by time',
    file: 'archive.js',
    good: 'size >= maxRecords || dueAt <= Date.now()',
    bad: 'size >= maxRecords',
    failing: 'ArchiveConnector writes what it buffers',
  },
  {
    name: 'a sink that confirms records which it only buffers',
    file: 'archive.js',
    good: 'buffers.get(keyOf(next))?.first ?? next.offset',
    bad: 'next.offset',
    failing: 'ArchiveConnector fails when the system that it writes to breaks down',
  },
  {
    name: 'a source that leaves its connection open',
    file: 'lines.js',
    good: 'socket.destroy()',
    bad: 'void 0',
    failing: 'LinesConnector returns records',
  },
]

for (const { name, file, good, bad, failing } of faults) {
  test(`the acceptance tests detect ${name}`, async (t) => {
    const folder = await installedFolder(t)
    const text = await readFile(join(folder, file), 'utf8')
    assert.ok(text.includes(good))
    const changed = text
      .replace(good, bad)
      .replace('{ lastOffset, metrics }', '{ fail, lastOffset, metrics }')
    await writeFile(join(folder, file), changed)

    assert.match(await acceptanceIn(folder), new RegExp(`^not ok .*example\\.${failing}`, 'm'))
  })
}
