import type { Peers } from '../herder/index.ts'
import type { PluginInfo } from '../plugins/index.ts'
import type { LoggerFactory, LogSink } from '../telemetry/index.ts'

/** What a worker is made of, beside its settings. */
export interface WorkerOptions {
  /** The worker's settings, variables resolved. */
  readonly props: Readonly<Record<string, string>>
  /** Module that task processes run; it calls {@link runTaskProcess}. */
  readonly entry: string
  /** Plugins that the entry brings along. */
  readonly builtIns: readonly PluginInfo[]
  /** Folder of the project whose dependencies are looked through for plugins. */
  readonly projectDir: string
  /** host:port under which this worker is known, and the URL of its REST API for other workers. */
  readonly address: { readonly workerId: string; readonly url: string }
  /** How other workers are reached. */
  readonly peers: Peers
  readonly loggers: LoggerFactory
  /** Where lines of task processes go. */
  readonly logSink: LogSink
  /** Aborted when the worker is to stop before it has started. */
  readonly signal: AbortSignal
}
