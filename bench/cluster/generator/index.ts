import { setTimeout as wait } from 'node:timers/promises'
import { defineConfig, sourceRecord, type Plugin, type SourceConnector } from '../../../api/index.ts'

const config = defineConfig({
  'topic': { type: 'string', importance: 'high', doc: 'Topic of all records.' },
  'interval.ms': { type: 'long', importance: 'high', doc: 'Time between two records of a task.' },
  'task': { type: 'string', default: '0', importance: 'low', doc: 'Number of the task.' },
})

/** A source whose tasks write a number now and then, as the class in Generator.java does. */
const generator: SourceConnector<typeof config> = {
  name: 'bench.Generator',
  kind: 'source',
  version: '1.0.0',
  taskClass: 'bench.Generator$Numbers',
  config,
  start: (_config, { props }) => ({
    taskConfigs: (maxTasks) =>
      Array.from({ length: maxTasks }, (_, task) => ({ ...props, task: String(task) })),
  }),
  openTask: async ({ topic, 'interval.ms': intervalMs, task }, { lastOffset, signal }) => {
    const sourcePartition = { task }
    let last = Number((await lastOffset(sourcePartition))?.['last'] ?? 0)
    let pauseMs = 0
    return {
      async poll() {
        await wait(pauseMs, undefined, { signal }).catch(() => {}) // it is stopped
        if (signal.aborted) return []
        pauseMs = intervalMs
        last++
        const offset = { sourcePartition, sourceOffset: { last } }
        return [sourceRecord({ topic, value: `${task}:${last}`, ...offset })]
      },
    }
  },
}

const plugin: Plugin = { connectors: [generator] }

export default plugin // oxlint-disable-line import/no-default-export -- plugins are loaded through it
