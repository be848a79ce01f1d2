import { setTimeout as wait } from 'node:timers/promises'
import { ConnectError, type Logger } from '../../../api/index.ts'
import type { CaptureRules } from '../config/capture-rules.ts'
import type { PostgresConfig } from '../config/definition.ts'
import { connect } from '../connection/database.ts'
import { formatLsn } from '../connection/lsn.ts'
import { connectReplication } from '../connection/replication.ts'
import { eventContext, eventSettings, type EventContext } from '../events/context.ts'
import type { Database, Lsn, ReplicationConnection } from '../ports.ts'
import { changeRecords } from '../events/records.ts'
import { ensurePublication } from '../slot/publication.ts'
import { parseIdentityRules, setReplicaIdentities } from '../slot/replica-identity.ts'
import { createSlot, dropSlot } from '../slot/slot.ts'
import { serverIdentity } from '../snapshot/session.ts'
import type { ExportedSnapshot } from '../snapshot/coordinator.ts'
import { takeSnapshot } from '../snapshot/snapshot.ts'
import { snapshotRules } from '../snapshot/writer.ts'
import type { Emit, StreamCounts } from '../streaming/ports.ts'
import { columnReader } from '../values/column-reader.ts'
import { ActionQuery } from './action-query.ts'
import { Connections } from './connections.ts'
import { valueSettings } from './value-settings.ts'
import { settleMismatch } from './mismatch.ts'
import type { Passed } from './passed.ts'
import { prepare, type Preparation } from './preparation.ts'
import { startStreamPhase } from './stream-phase.ts'
import { streamWriter } from './table-writers.ts'

export interface SessionParts {
  readonly config: PostgresConfig
  readonly rules: CaptureRules
  readonly connector: string
  /** Identifies the start of the task in headers. */
  readonly runId: string
  /** What was passed on so far; updated by the session. */
  readonly passed: Passed
  readonly emit: Emit
  readonly counts: StreamCounts
  readonly log: Logger
}

/**
 * Runs a session: prepares, takes the snapshot if one is due, and streams until the signal is aborted. Resolves then, and
 * when there is nothing to stream. Calls `streaming` when the stream has started.
 */
export async function runSession(
  parts: SessionParts,
  signal: AbortSignal,
  streaming: () => void,
): Promise<void> {
  const connections = new Connections()
  try {
    await new Session(parts, connections, signal).run(streaming)
  } finally {
    await connections.close()
  }
}

const IMPORTABLE = new Set(['serializable', 'repeatable_read'])
/** A temporary slot waits for running transactions; a snapshot is taken without it after this time. */
const TEMPORARY_SLOT_MS = 30_000

class Session {
  readonly #parts: SessionParts
  readonly #connections: Connections
  readonly #signal: AbortSignal

  constructor(parts: SessionParts, connections: Connections, signal: AbortSignal) {
    this.#parts = parts
    this.#connections = connections
    this.#signal = signal
  }

  async run(streaming: () => void): Promise<void> {
    const { config, rules, passed, log } = this.#parts
    const database = await this.#connect()
    const offset = passed.offset
    const prepared = await prepare({
      config: passed.started ? withoutRepetition(config) : config,
      rules,
      database,
      offset,
      signal: this.#signal,
      log,
    })
    const { decision } = prepared
    if (decision.discardOffset) passed.forget()
    const context = this.#context(prepared)
    const started = decision.stream ? await this.#openSlot(database, prepared) : undefined
    if (decision.snapshotData) await this.#snapshot(context, prepared, started?.exported)
    else if (started?.exported !== undefined && passed.offset === undefined) {
      passed.startAt(started.exported.consistentPoint)
    }
    passed.started = true
    if (started !== undefined) await this.#stream(database, started.replication, context, prepared, streaming)
  }

  #connect(): Promise<Database> {
    return this.#connections.open(this.#connectOwn())
  }

  /** Opens a connection that its user closes. */
  #connectOwn(): Promise<Database> {
    const { config, connector } = this.#parts
    return connect(config, { applicationName: `headrace ${connector}`, signal: this.#signal })
  }

  #connectReplication(createSlotTimeoutMs: number): Promise<ReplicationConnection> {
    const { config, connector } = this.#parts
    const options = { applicationName: `headrace ${connector}`, signal: this.#signal, createSlotTimeoutMs }
    return this.#connections.open(connectReplication(config, options))
  }

  #context({ types }: Preparation): EventContext {
    const { config, rules, runId, log } = this.#parts
    const values = valueSettings(config, rules, log)
    const keyValues = { ...values, maskOf: () => undefined, propagatesSourceType: () => false }
    return eventContext(
      eventSettings(config, rules.skippedOperations),
      rules,
      (column, table, origin, role) =>
        columnReader(column, table, types, role === 'key' ? keyValues : values, origin),
      runId,
    )
  }

  /** Opens the replication connection, and makes sure that the publication and the slot exist, in this order. */
  async #openSlot(
    database: Database,
    { server, tables, slot, decision }: Preparation,
  ): Promise<{
    readonly replication: ReplicationConnection
    readonly exported: ExportedSnapshot | undefined
  }> {
    const { config, rules, connector, log } = this.#parts
    const { query } = database
    const createSlotTimeoutMs = config['internal.create.slot.command.timeout'] * 1000
    const replication = await this.#connectReplication(createSlotTimeoutMs)
    await ensurePublication(
      query,
      {
        name: config['publication.name'],
        mode: config['publication.autocreate.mode'],
        tables,
        skippedOperations: rules.skipsExplicitly ? [...rules.skippedOperations] : undefined,
        viaPartitionRoot: config['publish.via.partition.root'],
        standby: server.inRecovery,
        timeoutMs: createSlotTimeoutMs,
        connector,
      },
      log,
    )
    const identities = parseIdentityRules(config['replica.identity.autoset.values'] ?? '')
    await setReplicaIdentities(query, identities, tables, log)
    const name = config['slot.name']
    if (decision.recreateSlot) await dropSlot(query, name, { timeoutMs: 0, signal: this.#signal })
    if (slot === undefined) {
      const identity = await serverIdentity(replication.query)
      const created = await createSlot(replication, {
        name,
        failover: config['slot.failover'],
        maxRetries: config['slot.max.retries'],
        retryDelayMs: config['slot.retry.delay.ms'],
        signal: this.#signal,
        log,
      })
      log.info('created the replication slot', { slot: name })
      return { replication, exported: { ...created, server: identity } }
    }
    return { replication, exported: decision.snapshotData ? await this.#exportSnapshot() : undefined }
  }

  /**
   * Exports a snapshot through a temporary slot, whose position fits it exactly. A position that is read beside a snapshot
   * may be behind the commit of a transaction that the snapshot does not show yet. Resolves to undefined if that is not
   * possible, or not wanted.
   */
  async #exportSnapshot(): Promise<ExportedSnapshot | undefined> {
    const { config, log } = this.#parts
    if (!IMPORTABLE.has(config['snapshot.isolation.mode'])) return undefined
    try {
      const replication = await this.#connectReplication(TEMPORARY_SLOT_MS)
      const server = await serverIdentity(replication.query)
      const name = `${config['slot.name'].slice(0, 50)}_snapshot`
      return { ...(await replication.createSlot({ name, failover: false, temporary: true })), server }
    } catch (error) {
      this.#signal.throwIfAborted()
      log.info('no temporary slot can be created for the snapshot; its position is read beside it', {
        err: error,
      })
      return undefined
    }
  }

  async #snapshot(
    context: EventContext,
    { tables, decision }: Preparation,
    exported: ExportedSnapshot | undefined,
  ): Promise<void> {
    const { config, rules, passed, emit, log } = this.#parts
    passed.snapshotBegins()
    const result = await takeSnapshot({
      config,
      kind: 'INITIAL',
      tables: tables.filter((table) => rules.snapshotsTable(table)),
      rules: snapshotRules({ rules, context, records: changeRecords(context), config, kind: 'INITIAL' }),
      openReader: () => this.#connectOwn(),
      exported,
      before: undefined,
      repeats: decision.repeats,
      emit: (records, bytes) => emit(records, bytes + records.length * 1000),
      progress: () => {},
      notify: () => {},
      log,
      signal: this.#signal,
    })
    passed.snapshotEnded(result.offset, result.hasRecords)
  }

  #actionQuery(failure: Failure): ActionQuery | undefined {
    const { config, log } = this.#parts
    const sql = config['heartbeat.action.query']
    if (sql === null || sql === '' || config['heartbeat.interval.ms'] === 0) return undefined
    const action = new ActionQuery({
      sql,
      connect: () => this.#connectOwn(),
      failed: (error) => failure.fail(error),
      log,
    })
    void this.#connections.open(Promise.resolve(action))
    return action
  }

  async #stream(
    database: Database,
    replication: ReplicationConnection,
    context: EventContext,
    { server, types, slot }: Preparation,
    streaming: () => void,
  ): Promise<void> {
    const { config, rules, passed, emit, counts, log } = this.#parts
    const { query } = database
    passed.position = await settleMismatch(passed.position, {
      strategy: config['offset.mismatch.strategy'],
      slot: config['slot.name'],
      confirmed: slot?.confirmedFlush ?? null,
      advance: (lsn) => advanceSlot(database, config['slot.name'], lsn),
      log,
    })
    const delayMs = config['streaming.delay.ms']
    if (delayMs > 0) await wait(delayMs, undefined, { signal: this.#signal })
    const failure = new Failure()
    const action = this.#actionQuery(failure)
    const phase = await startStreamPhase({
      config,
      context,
      writer: streamWriter({
        context,
        rules,
        signalTable: rules.signalTable,
        encoding: config['binary.handling.mode'],
        query,
        knowTypes: (oids) => types.add(query, types.missing(oids)),
      }),
      signals: undefined,
      replication,
      serverVersion: server.version,
      offset: passed.offset,
      position: passed.position,
      emit,
      counts,
      heartbeat: () => action?.run(),
      atBoundary: () => {},
      log,
    })
    passed.streams(phase)
    streaming()
    const beating = setInterval(() => void phase.changes.tick(), heartbeatTick(config))
    try {
      await untilEnded([phase.stream.ended, database.ended, failure.happened], this.#signal)
    } finally {
      clearInterval(beating)
      // nobody takes records after a stop
      if (!this.#signal.aborted) await phase.changes.endOfChunk()
      passed.streamEnded()
      await phase.stream.close()
    }
  }
}

/** Resolves when the signal is aborted; rejects when one of the others has ended, with its error. */
async function untilEnded(ends: readonly Promise<unknown>[], signal: AbortSignal): Promise<void> {
  const stopped = new Promise<void>((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
  const error = await Promise.race([stopped, ...ends.map(async (end) => (await end) ?? LOST)])
  if (error !== undefined && !signal.aborted) throw error
}

const LOST = new ConnectError('HR_RETRIABLE', 'A connection to the server has ended.')

/** An error outside of the flow of a session, which ends it. */
class Failure {
  readonly happened: Promise<unknown>
  #fail: (error: unknown) => void = () => undefined

  constructor() {
    this.happened = new Promise((resolve) => {
      this.#fail = resolve
    })
  }

  fail(error: unknown): void {
    this.#fail(error)
  }
}

/** Milliseconds between two looks at whether a heartbeat is due. */
function heartbeatTick({ 'heartbeat.interval.ms': intervalMs }: PostgresConfig): number {
  return intervalMs > 0 ? Math.max(10, Math.min(intervalMs, 1000)) : 60_000
}

async function advanceSlot({ query }: Database, slot: string, lsn: Lsn): Promise<void> {
  await query('SELECT pg_catalog.pg_replication_slot_advance($1, $2::pg_lsn)', [slot, formatLsn(lsn)])
}

/** A later session of the same start takes no other snapshot. */
function withoutRepetition(config: PostgresConfig): PostgresConfig {
  return config['snapshot.mode'] === 'always' ? { ...config, 'snapshot.mode': 'initial' } : config
}
