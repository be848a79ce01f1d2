import { appendFile, access } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { defineConfig, type Plugin, type SourceConnector } from '../../../../api/index.ts'

const LOOK_MS = 20

const config = defineConfig({
  notes: {
    type: 'string',
    importance: 'high',
    doc: 'File to which the connector appends what happens to it.',
  },
  password: { type: 'password', default: null, importance: 'high', doc: 'A secret for its findings.' },
  gate: {
    type: 'string',
    default: null,
    importance: 'high',
    doc: 'File without which a task does not end. None by default.',
  },
})

/** A source without records that notes when it starts, when its tasks end, and that it was deleted. */
const tidySource: SourceConnector<typeof config> = {
  name: 'headrace.tests.TidySourceConnector',
  kind: 'source',
  version: '1.0.0',
  taskClass: 'headrace.tests.TidySourceTask',
  config,
  diagnose: ({ notes, password }, { exists }) => [
    {
      id: 'looked-around',
      severity: 'info',
      message: `Found ${notes} with the password ${password}; exists: ${exists}.`,
    },
  ],
  deleted: ({ notes = '', password = 'none' }) => appendFile(notes, `deleted ${password}\n`),
  async start({ notes }, { props }) {
    await appendFile(notes, 'started\n')
    return { taskConfigs: (maxTasks) => Array.from({ length: maxTasks }, () => props) }
  },
  openTask: ({ notes, gate }) => ({
    poll: (signal) =>
      new Promise((resolve) => {
        if (signal.aborted) resolve([])
        signal.addEventListener('abort', () => resolve([]), { once: true })
      }),
    async close() {
      while (gate !== null && !(await exists(gate))) await wait(LOOK_MS)
      await appendFile(notes, 'task ended\n')
    },
  }),
}

const exists = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  )

const plugin: Plugin = { connectors: [tidySource] }

export default plugin // oxlint-disable-line import/no-default-export -- the door that plugins are loaded by
