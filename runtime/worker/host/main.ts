import { format } from 'node:util'
import { ConnectError, type Plugin } from '../../../api/index.ts'
import { builtInProviders, openProviders } from '../../../config/index.ts'
import { ClientCache, openClient } from '../../kafka/index.ts'
import { LoggerFactory, LogLevels, type LogLine, type LogSink } from '../../telemetry/index.ts'
import { IdleHeap, Lease } from '../../timing/index.ts'
import { Channel, type Port } from '../channel.ts'
import { activityFd } from '../processes/stdio.ts'
import type { HerderMethods, HostEvents, HostSettings } from '../protocol.ts'
import type { HostEnvironment } from './environment.ts'
import { TaskHost } from './host.ts'
import { Inspector } from './inspector.ts'
import { loadPlugins } from './load-plugins.ts'
import { exitWithoutParent } from './orphan-guard.ts'
import { PluginScope } from './plugin-scope.ts'

const METRICS_INTERVAL_MS = 250
const LOG_FLUSH_MS = 20
/** Bounds the log buffer: excess lines are dropped. */
const MAX_LOG_LINES = 10_000

/** Runs this process as a task process. Call it once, in a process forked by the worker. */
export function runTaskProcess(builtIns: readonly Plugin[]): void {
  exitWithoutParent()
  const exit = process.exit.bind(process)
  process.on('disconnect', () => exit(0))
  // The herder decides when tasks end; a Ctrl-C in a terminal reaches this process as well
  process.on('SIGINT', () => {})
  process.on('SIGTERM', () => {})
  const channel = new Channel(parentPort())
  const events = remoteEvents(channel)
  const scope = new PluginScope(activityFd)
  const log = logBuffer(events)
  const loggers = new LoggerFactory(new LogLevels('INFO'), log.add)
  loggers.levels.watch((name) => events.loggers([name]))
  const host = new TaskHost(
    (settings) => prepare(settings, builtIns, { channel, events, scope, loggers }),
    log.flush,
  )
  channel.serve(withInspector(host, log.flush))
  redirectConsole(loggers)
  attributeUncaughtErrors(host, scope, exit)
  setInterval(() => {
    const changed = host.changedMetrics()
    if (changed.length > 0) events.metrics(changed)
  }, METRICS_INTERVAL_MS).unref()
  new IdleHeap().watch()
}

interface HostOutputs {
  readonly channel: Channel
  readonly events: HostEvents
  readonly scope: PluginScope
  readonly loggers: LoggerFactory
}

async function prepare(
  settings: HostSettings,
  builtIns: readonly Plugin[],
  { channel, events, scope, loggers }: HostOutputs,
): Promise<HostEnvironment> {
  loggers.levels.replaceAll(settings.logLevels)
  const log = loggers.logger('headrace.plugins')
  const own = [...builtIns, { configProviders: builtInProviders }]
  // While packages load, owners are packages, counted from 1
  const loading = (index: number | undefined) => scope.mark(index === undefined ? 0 : index + 1)
  const { registry, broken } = await loadPlugins(own, settings.packages, loading, log)
  const providers = openProviders(settings.workerProps, (name) => registry.configProvider(name))
  const herder = channel.remote<HerderMethods>()
  const groupClients = new ClientCache(openClient)
  const { workerProps: worker } = settings
  const lease = new Lease(settings.leaseEnd)
  return { worker, registry, broken, providers, scope, herder, events, loggers, lease, groupClients }
}

/** Returns a proxy that serves the methods of both objects, which are defined in classes. */
function withInspector(host: TaskHost, flushLog: () => void): object {
  const inspector = new Inspector(() => host.environment, flushLog)
  return new Proxy(host, {
    get: (target, name) => {
      const owner = name in target ? target : inspector
      const method = (owner as unknown as Record<string | symbol, unknown>)[name]
      return typeof method === 'function' ? (method.bind(owner) as unknown) : method
    },
  })
}

function parentPort(): Port {
  return {
    send: (message) => {
      if (process.connected) process.send?.(message)
    },
    onMessage: (receive) =>
      void process.on('message', (messages: readonly unknown[]) => messages.forEach(receive)),
  }
}

function remoteEvents(channel: Channel): HostEvents {
  return new Proxy({} as HostEvents, {
    get:
      (_target, name) =>
      (...args: unknown[]) =>
        channel.emit(String(name), ...args),
  })
}

interface LogBuffer {
  readonly add: LogSink
  flush(): void
}

/** Sends log lines to the herder's process in batches, many times a second. */
function logBuffer(events: HostEvents): LogBuffer {
  let lines: LogLine[] = []
  let lost = 0
  let timer: NodeJS.Timeout | undefined
  const flush = () => {
    clearTimeout(timer)
    timer = undefined
    if (lost > 0) lines.push(lostLines(lost))
    if (lines.length > 0) events.log(lines)
    lines = []
    lost = 0
  }
  const add = (line: LogLine) => {
    if (lines.length < MAX_LOG_LINES) lines.push(line)
    else lost++
    timer ??= setTimeout(flush, LOG_FLUSH_MS)
  }
  return { add, flush }
}

function lostLines(count: number): LogLine {
  const message = 'log lines were lost, because the task process logged too many'
  return { time: Date.now(), level: 'WARN', logger: 'headrace.worker', message, fields: { count } }
}

/** Logs the console output of plugins. Standard output itself is left to sinks that write there. */
function redirectConsole(loggers: LoggerFactory): void {
  const log = loggers.logger('headrace.plugins.console')
  console.log = console.info = (...parts) => log.info(format(...parts))
  console.warn = (...parts) => log.warn(format(...parts))
  console.error = (...parts) => log.error(format(...parts))
  console.debug = console.trace = (...parts) => log.debug(format(...parts))
}

/** Attributes uncaught errors and process.exit calls to the plugin instance that caused them. */
function attributeUncaughtErrors(host: TaskHost, scope: PluginScope, exit: (code: number) => never): void {
  const stray = (error: unknown) => {
    if (host.uncaught(scope.current, error)) return
    process.stderr.write(
      `uncaught: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    )
    exit(1)
  }
  process.on('uncaughtException', stray)
  process.on('unhandledRejection', stray)
  process.exit = (code?: number | string | null): never => {
    const error = new ConnectError(
      'HR_CONNECT',
      `The plugin called process.exit(${code ?? ''}), which is not allowed`,
    )
    if (scope.current === undefined) return exit(Number(code ?? 0))
    throw error
  }
}
