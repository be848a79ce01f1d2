import { defineConfig, oneOf, type Plugin, type SourceConnector } from '../../../../api/index.ts'
import { faultNames, faults, type Fault } from './faults.ts'

const places = ['task', 'connector', 'validation', 'diagnosis'] as const

const config = defineConfig({
  fault: { type: 'string', validate: oneOf(...faultNames), importance: 'high', doc: 'Fault to cause.' },
  where: {
    type: 'string',
    default: 'task',
    validate: oneOf(...places),
    importance: 'high',
    doc: 'Whether the connector or the task causes the fault.',
  },
})

/** A source without records that causes a configurable fault. */
const faultySource: SourceConnector<typeof config> = {
  name: 'headrace.tests.FaultySourceConnector',
  kind: 'source',
  version: '1.0.0',
  taskClass: 'headrace.tests.FaultySourceTask',
  config,
  validate: (props) => {
    if (props['where'] === 'validation') commit(props['fault'])
    return []
  },
  diagnose: (props) => {
    if (props['where'] === 'diagnosis') commit(props['fault'])
    return []
  },
  start: ({ fault, where }, { props }) => {
    if (where === 'connector') commit(fault)
    return { taskConfigs: () => [props] }
  },
  openTask: ({ fault, where }) => ({
    poll: () => {
      if (where === 'task') commit(fault)
      return Promise.resolve([])
    },
  }),
}

function commit(fault: string | undefined): void {
  faults[fault as Fault]()
}

const plugin: Plugin = { connectors: [faultySource] }

export default plugin // oxlint-disable-line import/no-default-export -- plugins are loaded through it
