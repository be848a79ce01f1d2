import { setTimeout as wait } from 'node:timers/promises'
import { defineConfig, sourceRecord, type Plugin, type SourceConnector } from '../../../../api/index.ts'

const PAUSE_MS = 10

const config = defineConfig({
  topic: { type: 'string', importance: 'high', doc: 'Topic of all records.' },
  limit: { type: 'int', importance: 'high', doc: 'The last number of each task.' },
  batch: { type: 'int', default: 10, importance: 'low', doc: 'Numbers in a batch.' },
  task: { type: 'string', default: '0', importance: 'low', doc: 'Number of the task.' },
})

/**
 * A source of numbers, each as `task:number`. Whichever number of tasks it has, a partition belongs to the task of its
 * number. If it may define transactions, it aborts every other batch.
 */
const countingSource: SourceConnector<typeof config> = {
  name: 'headrace.tests.CountingSourceConnector',
  kind: 'source',
  version: '1.0.0',
  taskClass: 'headrace.tests.CountingSourceTask',
  config,
  exactlyOnceSupport: () => 'supported',
  canDefineTransactionBoundaries: () => 'supported',
  start: (_config, { props }) => ({
    taskConfigs: (maxTasks) =>
      Array.from({ length: maxTasks }, (_, task) => ({ ...props, task: String(task) })),
  }),
  openTask: async ({ topic, limit, batch, task }, { lastOffset, transaction }) => {
    const sourcePartition = { task }
    let last = Number((await lastOffset(sourcePartition))?.['last'] ?? 0)
    return {
      async poll() {
        await wait(PAUSE_MS)
        const size = Math.min(batch, limit - last)
        if (size === 0) return []
        if ((last / batch) % 2 === 0) transaction?.commit()
        else transaction?.abort()
        return Array.from({ length: size }, () => {
          last++
          return sourceRecord({
            topic,
            partition: 0,
            value: `${task}:${last}`,
            sourcePartition,
            sourceOffset: { last },
          })
        })
      },
    }
  },
}

const plugin: Plugin = { connectors: [countingSource] }

export default plugin // oxlint-disable-line import/no-default-export -- plugins are loaded through it
