import type { JsonFormat, Logger, TaskKafka, TaskProgress, TaskProps } from '../../../api/index.ts'
import type { CaptureRules } from '../config/capture-rules.ts'
import type { PostgresConfig } from '../config/definition.ts'
import { connect } from '../connection/database.ts'
import { connectReplication } from '../connection/replication.ts'
import type { TaskMetrics } from '../metrics/task-metrics.ts'
import type { Database, ReplicationConnection } from '../ports.ts'
import type { Emit } from '../streaming/ports.ts'
import { Connections } from './connections.ts'
import type { Passed } from './passed.ts'

/** What the sessions of a task share. */
export interface SessionParts {
  readonly config: PostgresConfig
  readonly props: TaskProps
  readonly rules: CaptureRules
  readonly connector: string
  /** Identifies the start of the task in headers. */
  readonly runId: string
  /** What was passed on so far; updated by the session. */
  readonly passed: Passed
  /** Whether records and offsets are written in one transaction. */
  readonly exactlyOnce: boolean
  readonly emit: Emit
  readonly metrics: TaskMetrics
  readonly kafka: Pick<TaskKafka, 'readTopic'>
  /** How values are written as JSON, if they go to a JSON converter without transforms. */
  readonly json: JsonFormat | undefined
  progress(progress: TaskProgress | null): void
  readonly log: Logger
}

/** A session while it runs: its connections, and how to open more. */
export class SessionScope {
  readonly parts: SessionParts
  /** Aborted when the task is closed. */
  readonly signal: AbortSignal
  readonly connections = new Connections()
  readonly #failure: Promise<unknown>
  #fail: (error: unknown) => void = () => undefined

  constructor(parts: SessionParts, signal: AbortSignal) {
    this.parts = parts
    this.signal = signal
    this.#failure = new Promise((resolve) => {
      this.#fail = resolve
    })
  }

  /** Opens a connection that the session closes. */
  connect(): Promise<Database> {
    return this.connections.open(this.connectOwn())
  }

  /** Opens a connection that its user closes. */
  connectOwn(signal: AbortSignal = this.signal): Promise<Database> {
    const { config, connector } = this.parts
    return connect(config, { applicationName: applicationName(config, connector), signal })
  }

  /** Opens a replication connection, on which the creation of a slot may take this time. */
  connectReplication(createSlotTimeoutMs: number): Promise<ReplicationConnection> {
    const { config, connector } = this.parts
    const options = {
      applicationName: applicationName(config, connector),
      signal: this.signal,
      createSlotTimeoutMs,
    }
    return this.connections.open(connectReplication(config, options))
  }

  /** Ends the stream with an error that happened beside it. */
  fail(error: unknown): void {
    this.#fail(error)
  }

  /** Resolves when the signal is aborted. Rejects when something has ended, with its error or `otherwise`. */
  async until(ends: readonly Promise<unknown>[], otherwise: Error): Promise<void> {
    const { signal } = this
    const stopped = new Promise<void>((resolve) => {
      if (signal.aborted) resolve()
      else signal.addEventListener('abort', () => resolve(), { once: true })
    })
    const ended = [...ends, this.#failure].map(async (end) => (await end) ?? otherwise)
    const error = await Promise.race([stopped, ...ended])
    if (error !== undefined && !signal.aborted) throw error
  }
}

/** The name of connections in pg_stat_activity and pg_stat_replication: `driver.ApplicationName`, if it is set. */
export function applicationName(
  config: Pick<PostgresConfig, 'driver.ApplicationName'>,
  connector: string,
): string {
  const configured = config['driver.ApplicationName']
  return configured === null || configured === '' ? `headrace ${connector}` : configured
}
