import { defineConfig, sourceRecord, type Plugin, type SourceConnector } from '../../../../api/index.ts'

/** One record; `size` repeats its value. */
export interface ConfiguredRecord {
  readonly value: string
  readonly size?: number
  readonly partition?: number
  readonly timestamp?: number
}

const config = defineConfig({
  topic: { type: 'string', importance: 'high', doc: 'Topic of all records.' },
  records: { type: 'string', importance: 'high', doc: 'Records, as a JSON array.' },
})

const sourcePartition = { source: 'records' }

/** A source that returns the records in its settings in one batch. The offset of each is its position, from 1. */
const recordsSource: SourceConnector<typeof config> = {
  name: 'headrace.tests.RecordsSourceConnector',
  kind: 'source',
  version: '1.0.0',
  taskClass: 'headrace.tests.RecordsSourceTask',
  config,
  start: (_config, { props }) => ({ taskConfigs: () => [props] }),
  openTask: async ({ topic, records }, context) => {
    const all = JSON.parse(records) as readonly ConfiguredRecord[]
    let next = Number((await context.lastOffset(sourcePartition))?.['position'] ?? 0)
    return {
      poll: async () => {
        const first = next
        next = all.length
        return all.slice(first).map(({ size = 1, value, ...record }, step) =>
          sourceRecord({
            ...record,
            topic,
            value: value.repeat(size),
            sourcePartition,
            sourceOffset: { position: first + step + 1 },
          }),
        )
      },
    }
  },
}

const plugin: Plugin = { connectors: [recordsSource] }

export default plugin // oxlint-disable-line import/no-default-export -- plugins are loaded through it
