import type { Peers } from '../herder/index.ts'
import type { PluginInfo } from '../plugins/index.ts'
import type { LoggerFactory, LogSink } from '../telemetry/index.ts'

/** Everything needed to create a worker. */
export interface WorkerOptions {
  /** The worker's settings, with variables resolved. */
  readonly props: Readonly<Record<string, string>>
  /** Entry module of task processes; it calls {@link runTaskProcess}. */
  readonly entry: string
  /** Plugins bundled with the entry module. */
  readonly builtIns: readonly PluginInfo[]
  /** Project directory whose dependencies are searched for plugins. */
  readonly projectDir: string
  /** host:port that identifies this worker, and the URL of its REST API for other workers. */
  readonly address: { readonly workerId: string; readonly url: string }
  /** Sends requests to other workers. */
  readonly peers: Peers
  readonly loggers: LoggerFactory
  /** Receives the log lines of task processes. */
  readonly logSink: LogSink
  /** Aborted when the worker should stop before it has started. */
  readonly signal: AbortSignal
}
