import { existsSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { defineConfig, sourceRecord, type Plugin, type SourceConnector } from '../../../../api/index.ts'

const PAUSE_MS = 20
const NUMBERS = 20

const config = defineConfig({
  topic: { type: 'string', importance: 'high', doc: 'Topic of all records.' },
  barrier: { type: 'string', importance: 'high', doc: 'While this file exists, a task does not close.' },
  task: { type: 'string', default: '0', importance: 'low', doc: 'Number of the task.' },
})

/** A source of the numbers from 1 to 20, one at a time. Its tasks differ only in their source partitions. */
const lingeringSource: SourceConnector<typeof config> = {
  name: 'headrace.tests.LingeringSourceConnector',
  kind: 'source',
  version: '1.0.0',
  taskClass: 'headrace.tests.LingeringSourceTask',
  config,
  start: (_config, { props }) => ({
    taskConfigs: (maxTasks) =>
      Array.from({ length: maxTasks }, (_, task) => ({ ...props, task: String(task) })),
  }),
  openTask: async ({ topic, barrier, task }, context) => {
    const sourcePartition = { task }
    let last = Number((await context.lastOffset(sourcePartition))?.['last'] ?? 0)
    return {
      async poll() {
        await wait(PAUSE_MS)
        if (last === NUMBERS) return []
        last++
        return [sourceRecord({ topic, value: String(last), sourcePartition, sourceOffset: { last } })]
      },
      async close() {
        while (existsSync(barrier)) await wait(PAUSE_MS)
      },
    }
  },
}

const plugin: Plugin = { connectors: [lingeringSource] }

export default plugin // oxlint-disable-line import/no-default-export -- plugins are loaded through it
