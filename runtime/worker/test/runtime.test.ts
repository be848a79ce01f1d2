import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { WorkerConfig } from '../../../config/index.ts'
import { PluginCatalog, type PluginPackage } from '../../plugins/index.ts'
import type { OffsetStore } from '../../stores/index.ts'
import { LoggerFactory, LogLevels, type LogLine, type LogSink } from '../../telemetry/index.ts'
import type { WorkerListener } from '../ports.ts'
import { unlimitedLease } from '../../timing/index.ts'
import { createWorkerRuntime } from '../runtime.ts'

const entry = fileURLToPath(new URL('../processes/test/obedient-child.js', import.meta.url))

/** A runtime whose task processes are `obedient-child`. */
function openRuntime(packages: readonly PluginPackage[], logSink: LogSink) {
  const config = {
    'task.processes': 1,
    'task.process.memory.max': '1g',
    'task.process.stall.timeout.ms': 60_000,
    'task.shutdown.graceful.timeout.ms': 5000,
  }
  return createWorkerRuntime({
    entry,
    config: config as unknown as WorkerConfig,
    props: {},
    packages,
    catalog: new PluginCatalog([]),
    offsets: {} as OffsetStore,
    lease: unlimitedLease(),
    loggers: new LoggerFactory(new LogLevels('DEBUG'), logSink),
    logSink,
  })
}

test('a worker that is stopped while it loads plugins reports no plugin as broken', async () => {
  const lines: LogLine[] = []
  const logSink = (line: LogLine) => void lines.push(line)
  const runtime = openRuntime([{ name: 'slow', version: '1', file: '/no/slow.js' }], logSink)
  const discovered = assert.rejects(runtime.discover(), { code: 'HR_TASK_PROCESS_LOST' })
  await runtime.close()
  await discovered
  assert.deepEqual(
    lines.filter(({ level }) => level !== 'DEBUG'),
    [],
  )
})

/** The kinds of the processes that the calls fork, while a task runs. */
async function forkedFor(
  t: TestContext,
  packages: readonly PluginPackage[],
  calls: readonly Readonly<Record<string, string>>[],
): Promise<unknown[]> {
  const kinds: unknown[] = []
  const runtime = openRuntime(packages, ({ fields }) => {
    if (fields?.['kind'] !== undefined) kinds.push(fields['kind'])
  })
  t.after(() => runtime.close())
  const ignored = new Proxy({} as WorkerListener, { get: () => () => {} })
  const id = { connector: 'c', task: 0 }
  runtime
    .createWorker(ignored, { fence: async () => {}, verifyTask: async () => {} })
    .startTask({ id, taskProps: {}, connectorProps: {}, targetState: 'STARTED', taskCount: 1, generation: 0 })
  for (const props of calls) await runtime.requireValid(props)
  return kinds
}

test('the settings of built-in plugins are validated in the process of a task', async (t) => {
  assert.deepEqual(await forkedFor(t, [], [{ a: 'b' }, { a: 'c' }]), ['shared'])
})

test('settings with variables, and those of third-party plugins, are validated in a separate process', async (t) => {
  assert.deepEqual(await forkedFor(t, [], [{ a: '${file:b:c}' }]), ['shared', 'inspector'])
  const packages = [{ name: 'p', version: '1', file: '/no/p.js' }]
  assert.deepEqual(await forkedFor(t, packages, [{ a: 'b' }]), ['shared', 'inspector'])
})
