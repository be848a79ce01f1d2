import { availableParallelism } from 'node:os'
import type { PartitionOffset, Props } from '../../api/index.ts'
import { printJson } from '../../java/index.ts'
import { exactlyOnceMode, hasVariables, parseByteSize, type WorkerConfig } from '../../config/index.ts'
import type { PluginCatalog, PluginPackage } from '../plugins/index.ts'
import type { OffsetReader, OffsetWriter, PartitionOffsetEntry } from '../stores/index.ts'
import type { LoggerFactory, LogSink } from '../telemetry/index.ts'
import type { Lease } from '../timing/index.ts'
import type { ConfigInfos, ConfigKeyInfo } from '../validation/index.ts'
import type { TaskAdmission, WorkerListener } from './ports.ts'
import type { Remote } from './channel.ts'
import { cachePluginConfigs } from './plugin-config-cache.ts'
import { ProcessPool } from './processes/pool.ts'
import { isProcessLoss, TaskProcess } from './processes/task-process.ts'
import { sourceOffsetAccess } from './source-offsets.ts'
import { createTrials, type Trials } from './trials.ts'
import type { HerderMethods, InspectorMethods } from './protocol.ts'
import { Worker } from './worker.ts'

export interface WorkerRuntimeOptions {
  /** Module that task processes run. */
  readonly entry: string
  readonly config: WorkerConfig
  /** The worker's settings, with variables resolved. */
  readonly props: Readonly<Record<string, string>>
  readonly packages: readonly PluginPackage[]
  readonly catalog: PluginCatalog
  readonly offsets: OffsetReader & OffsetWriter
  /** The lease of the connectors and tasks; changes are passed on to their processes. */
  readonly lease: Lease
  readonly loggers: LoggerFactory
  /** Receives the log lines of task processes. */
  readonly logSink: LogSink
}

/** The worker, with the operations that require its processes. */
export interface WorkerRuntime extends Trials {
  createWorker(listener: WorkerListener, admission: TaskAdmission): Worker
  validate(props: Props): Promise<ConfigInfos>
  /** Throws `HR_BAD_REQUEST` with all errors in the settings. */
  requireValid(props: Props): Promise<void>
  pluginConfig(name: string, version?: string): Promise<readonly ConfigKeyInfo[]>
  /** Returns the keys of the settings of type password, of all plugins that the settings name. */
  passwordKeys(props: Props): Promise<readonly string[]>
  /** Fences the producers with these transactional ids. */
  fenceProducers(name: string, props: Props, transactionalIds: readonly string[]): Promise<void>
  /** Returns the committed offsets of a sink's consumer group. */
  sinkOffsets(name: string, props: Props): Promise<PartitionOffset[]>
  /** Returns all offsets of a source. Throws `HR_CONNECT` when Kafka does not respond. */
  sourceOffsets(name: string, props: Props): Promise<PartitionOffsetEntry[]>
  /** Stores offsets of a source. Throws the same errors as {@link sourceOffsets}. */
  writeSourceOffsets(name: string, props: Props, offsets: readonly PartitionOffsetEntry[]): Promise<void>
  /** Passes new offsets to a source for validation. Returns true if the user need not do anything else. */
  acceptSourceOffsets(name: string, props: Props, offsets: readonly PartitionOffsetEntry[]): Promise<boolean>
  /** Changes the offsets of a sink; null deletes all of them. */
  changeSinkOffsets(
    name: string,
    props: Props,
    offsets: readonly PartitionOffsetEntry[] | null,
  ): Promise<boolean>
  /**
   * Loads plugin packages for the catalog, in a process that also serves the first connectors and tasks. Packages that
   * cannot be loaded are skipped.
   */
  discover(): Promise<void>
  /** Sends changed log levels to all processes. */
  levelsChanged(): void
  close(): Promise<void>
}

export function createWorkerRuntime(options: WorkerRuntimeOptions): WorkerRuntime {
  const { config, loggers, offsets, packages, catalog, lease } = options
  const log = loggers.logger('headrace.worker.processes')
  const limits = {
    memoryBytes: parseByteSize(config['task.process.memory.max']),
    stallTimeoutMs: config['task.process.stall.timeout.ms'],
  }
  const methods: HerderMethods = {
    readOffsets: (connector, partitions) => offsets.get(connector, partitions),
    writeOffsets: (connector, entries) => offsets.set(connector, entries),
    allOffsets: (connector) => offsets.all(connector),
    fence: async (connector) => admission?.fence(connector),
    verifyTask: async (id, generation) => admission?.verifyTask(id, generation),
  }
  let worker: Worker | undefined
  let admission: TaskAdmission | undefined
  /** Packages that have not failed to load so far. */
  let usable = [...packages]
  const fork = () =>
    new TaskProcess({
      entry: options.entry,
      limits,
      settings: {
        workerProps: options.props,
        packages: usable,
        logLevels: loggers.levels.export(),
        leaseEnd: lease.end,
      },
      methods,
      events: {
        ...ignoredEvents,
        ...worker?.events,
        log: (lines) => lines.forEach(options.logSink),
        loggers: (names) => names.forEach((name) => loggers.levels.register(name)),
      },
      log,
    })
  const pool = new ProcessPool(
    config['task.processes'] ?? availableParallelism(),
    fork,
    (end, members, purpose) => {
      const ran = purpose === undefined ? { members } : { ran: purpose }
      log.error('a task process has exited', { reason: end.reason, ...ran })
      worker?.processEnded(end, members)
    },
    log,
  )
  lease.onChange((end) => {
    for (const process of pool.processes) process.setLease(end)
  })
  const inspect = <T>(ask: (remote: Remote<InspectorMethods>) => Promise<T>): Promise<T> =>
    pool.inspect(async (process) => {
      await process.ready
      return ask(process.remote)
    })
  /**
   * For calls that read settings and run code of plugins. Built-in plugins need no process of their own. Config
   * providers do: reading a file that does not respond would also block the files and look-ups of the tasks.
   */
  const examine = <T>(
    ask: (remote: Remote<InspectorMethods>) => Promise<T>,
    props: Props = {},
  ): Promise<T> =>
    packages.length > 0 || Object.values(props).some((value) => value !== null && hasVariables(value))
      ? inspect(ask)
      : pool.inspectBesideTasks(async (process) => {
          await process.ready
          return ask(process.remote)
        })
  /**
   * Loads all packages. Skips a package whose loading ends or hangs the process, and retries with the others. Afterwards
   * there is a process, so that the first connectors and tasks need not wait until one has started.
   */
  const loadPackages = async () => {
    while (usable.length > 0) {
      const loaded = await pool.inspect(async (process) => {
        try {
          await process.ready
          return await process.remote.plugins()
        } catch (error) {
          if (!isProcessLoss(error)) throw error
          const { kind, loading, reason } = await process.ended
          if (kind === 'closed') throw error // the worker stops
          const package_ = loading === undefined ? undefined : usable[loading]
          log.error('cannot load a plugin package; skipping it', { plugin: package_?.name, reason })
          usable = usable.filter((candidate) => package_ !== undefined && candidate !== package_)
          return undefined
        }
      })
      if (loaded !== undefined) return loaded
    }
    await pool.inspect((process) => process.ready).catch(() => {}) // its end is reported elsewhere
    return { plugins: [], broken: [] }
  }
  const pluginConfigs = cachePluginConfigs((name, version) =>
    examine((remote) => remote.pluginConfig(name, version)),
  )
  return {
    createWorker: (listener, taskAdmission) => {
      admission = taskAdmission
      worker = new Worker(pool, listener, {
        gracefulStopMs: config['task.shutdown.graceful.timeout.ms'],
        versionOf: (className) => catalog.find(className)?.version ?? null,
        isExactlyOnce: (props) =>
          exactlyOnceMode(options.props) === 'enabled' &&
          catalog.find(props['connector.class'] ?? '')?.kind === 'source',
      })
      return worker
    },
    validate: (props) => examine((remote) => remote.validate(props), props),
    requireValid: (props) => examine((remote) => remote.requireValid(props), props),
    pluginConfig: (name, version) => pluginConfigs.of(name, version),
    ...createTrials(pool),
    passwordKeys: (props) => examine((remote) => remote.passwordKeys(props), props),
    fenceProducers: (name, props, ids) => inspect((remote) => remote.fenceProducers(name, props, ids)),
    sinkOffsets: (name, props) => inspect((remote) => remote.sinkOffsets(name, props)),
    ...sourceOffsetAccess(options.props, offsets, inspect),
    acceptSourceOffsets: (name, props, wanted) =>
      inspect((remote) => remote.acceptSourceOffsets(name, props, printJson(wanted))),
    changeSinkOffsets: (name, props, wanted) => {
      const text = wanted === null ? null : printJson(wanted)
      return inspect((remote) => remote.changeSinkOffsets(name, props, text))
    },
    discover: async () => {
      const { plugins, broken } = await loadPackages()
      pluginConfigs.forget()
      const names = new Set(broken.map(({ name }) => name))
      usable = usable.filter(({ name }) => !names.has(name))
      catalog.adopt(plugins)
    },
    levelsChanged: () => {
      for (const process of pool.processes) process.setLogLevels(loggers.levels.export())
    },
    close: () => pool.close(),
  }
}

const nothing = (): void => {}

const ignoredEvents = {
  taskRunning: nothing,
  taskPaused: nothing,
  taskFailed: nothing,
  taskEnded: nothing,
  connectorFailed: nothing,
  connectorBlocked: nothing,
  reconfigurationRequested: nothing,
  topicUsed: nothing,
  metrics: nothing,
}
