import type { ConfigProviderInstance, Converter, SourceConnector, SourceTask } from '../../../../api/index.ts'
import { ClientCache } from '../../../kafka/index.ts'
import { PluginRegistry } from '../../../plugins/index.ts'
import { LoggerFactory, LogLevels, type LogLine } from '../../../telemetry/index.ts'
import type { HostEvents } from '../../protocol.ts'
import type { HostEnvironment } from '../environment.ts'
import { unlimitedLease } from '../../../timing/index.ts'
import { PluginScope } from '../plugin-scope.ts'

/** Unused converters: the tasks of these tests write nothing. */
const unused: Converter = {
  kind: 'converter',
  name: 'Unused',
  version: '1',
  roles: ['key', 'value', 'header'],
  config: {},
  create: () => ({
    fromConnect: () => null,
    toConnect: () => ({ schema: null, value: null }),
    fromConnectHeader: () => null,
    toConnectHeader: () => ({ schema: null, value: null }),
  }),
}

/** Polls without records until it is stopped. */
export const quietTask: SourceTask = {
  poll: (signal) =>
    new Promise((resolve) => {
      if (signal.aborted) resolve([])
      signal.addEventListener('abort', () => resolve([]), { once: true })
    }),
}

/** A source named `Quiet`, modified as a test requires. */
export function quietSource(changes: Partial<SourceConnector> = {}): SourceConnector {
  return {
    kind: 'source',
    name: 'Quiet',
    version: '1.2',
    taskClass: 'QuietTask',
    config: {},
    start: (_config, { props }) => ({ taskConfigs: () => [props] }),
    openTask: () => quietTask,
    ...changes,
  }
}

/**
 * An environment with one source and no broker. `heard` collects the host's events in order, `lines` its log.
 */
export function fakeEnvironment(source: SourceConnector) {
  const heard: string[] = []
  const lines: LogLine[] = []
  const traces: string[] = []
  const say = (what: string, trace?: string) => {
    heard.push(what)
    if (trace !== undefined) traces.push(trace.split('\n')[0] ?? '')
  }
  const events: HostEvents = {
    taskRunning: ({ task }, run, version) => say(`${task} running, run ${run}, version ${version}`),
    taskPaused: ({ task }, run) => say(`${task} paused, run ${run}`),
    taskFailed: ({ task }, run, trace, version) =>
      say(`${task} failed, run ${run}, version ${String(version)}`, trace),
    taskEnded: ({ task }, run) => say(`${task} ended, run ${run}`),
    connectorFailed: (name, _run, trace, version) => say(`${name} failed, version ${String(version)}`, trace),
    connectorBlocked: (name, _run, blocked) => say(`${name} blocked: ${blocked?.reason ?? 'no more'}`),
    reconfigurationRequested: (name) => say(`${name} wants other tasks`),
    topicUsed: (_id, _run, topic) => say(`${topic} used`),
    metrics: () => {},
    loggers: () => {},
    log: () => {},
  }
  const registry = new PluginRegistry()
  registry.add({ connectors: [source], converters: [unused] }, 'test')
  const converters = { 'key.converter': 'Unused', 'value.converter': 'Unused', 'header.converter': 'Unused' }
  const providers = new Map<string, ConfigProviderInstance>()
  const environment: HostEnvironment = {
    worker: { 'bootstrap.servers': 'localhost:9', ...converters },
    registry,
    broken: [],
    providers,
    scope: new PluginScope(),
    herder: {
      readOffsets: async (_connector, partitions) => partitions.map(() => undefined),
      writeOffsets: async () => {},
      allOffsets: async () => [],
      fence: async () => {},
      verifyTask: async () => {},
    },
    events,
    loggers: new LoggerFactory(new LogLevels('INFO'), (line) => lines.push(line)),
    lease: unlimitedLease(),
    groupClients: new ClientCache(() => Promise.reject(new Error('there is no Kafka here'))),
  }
  return { environment, providers, heard, traces, lines }
}
