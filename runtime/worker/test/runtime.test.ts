import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { WorkerConfig } from '../../../config/index.ts'
import { PluginCatalog } from '../../plugins/index.ts'
import type { OffsetStore } from '../../stores/index.ts'
import { LoggerFactory, LogLevels, type LogLine } from '../../telemetry/index.ts'
import { createWorkerRuntime } from '../runtime.ts'

const entry = fileURLToPath(new URL('../processes/test/obedient-child.js', import.meta.url))

test('a worker that is stopped while it loads plugins reports no plugin as broken', async () => {
  const lines: LogLine[] = []
  const logSink = (line: LogLine) => void lines.push(line)
  const config = { 'task.process.memory.max': '1g', 'task.process.stall.timeout.ms': 60_000 }
  const runtime = createWorkerRuntime({
    entry,
    config: config as unknown as WorkerConfig,
    props: {},
    packages: [{ name: 'slow', version: '1', file: '/no/slow.js' }],
    catalog: new PluginCatalog([]),
    offsets: {} as OffsetStore,
    loggers: new LoggerFactory(new LogLevels('INFO'), logSink),
    logSink,
  })
  const discovered = assert.rejects(runtime.discover(), { code: 'HR_TASK_PROCESS_LOST' })
  await runtime.close()
  await discovered
  assert.deepEqual(lines, [])
})
