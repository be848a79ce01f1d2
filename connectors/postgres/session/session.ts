import { setTimeout as wait } from 'node:timers/promises'
import { ConnectError } from '../../../api/index.ts'
import type { PostgresConfig } from '../config/definition.ts'
import { reselectSettings } from '../config/reselect.ts'
import { formatLsn } from '../connection/lsn.ts'
import { eventContext, eventSettings, type EventContext } from '../events/context.ts'
import { readersOf } from '../events/fields/readers.ts'
import type { Database, Lsn } from '../ports.ts'
import { Reselection } from '../reselect/reselection.ts'
import { ActionQuery } from './action-query.ts'
import { settleMismatch } from './mismatch.ts'
import { notifier, type Notify } from './notify.ts'
import { prepare, type Preparation } from './preparation.ts'
import { SessionScope, type SessionParts } from './scope.ts'
import { openSignals } from './signal-phase.ts'
import { SlotMonitor } from './slot-monitor.ts'
import { openSlot, type OpenedSlot } from './slot-phase.ts'
import { runSnapshot, snapshotSkipped } from './snapshot-phase.ts'
import { startStreamPhase, type StreamPhase } from './stream-phase.ts'
import { streamWriter } from './table-writers.ts'
import { valueSettings } from './value-settings.ts'

/**
 * Runs a session: prepares, takes the snapshot if one is due, and streams until the signal is aborted. Resolves then, and
 * when there is nothing to stream. Calls `streaming` when the stream has started.
 */
export async function runSession(
  parts: SessionParts,
  signal: AbortSignal,
  streaming: () => void,
): Promise<void> {
  const scope = new SessionScope(parts, signal)
  // statements may wait for long, such as the creation of a slot for running transactions
  const close = () => void scope.connections.close()
  signal.addEventListener('abort', close)
  try {
    const database = await scope.connect()
    const preparation = await prepareSession(scope, database)
    const context = contextOf(parts, preparation)
    const notify = notifier(parts)
    const slot = preparation.decision.stream ? await openSlot(scope, database, preparation) : undefined
    await snapshotIfDue(scope, context, preparation, slot, notify)
    parts.passed.started = true
    if (slot !== undefined) await stream(scope, database, slot, context, preparation, notify, streaming)
  } finally {
    signal.removeEventListener('abort', close)
    await scope.connections.close()
  }
}

async function prepareSession(scope: SessionScope, database: Database): Promise<Preparation> {
  const { config, rules, passed, metrics, log } = scope.parts
  const preparation = await prepare({
    config: passed.started ? withoutRepetition(config) : config,
    rules,
    database,
    offset: passed.offset,
    signal: scope.signal,
    log,
  })
  metrics.capturedTables(preparation.tables.length)
  if (preparation.decision.discardOffset) passed.forget()
  return preparation
}

/** A later session of the same start takes no other snapshot. */
function withoutRepetition(config: PostgresConfig): PostgresConfig {
  return config['snapshot.mode'] === 'always' ? { ...config, 'snapshot.mode': 'initial' } : config
}

function contextOf(
  { config, props, rules, runId, json, log }: SessionParts,
  { types }: Preparation,
): EventContext {
  return eventContext(
    eventSettings(config, rules.skippedOperations),
    rules,
    readersOf(types, valueSettings(config, rules, log)),
    runId,
    // reselected columns are put into the structs of events
    reselectSettings(props).length === 0 ? json : undefined,
  )
}

async function snapshotIfDue(
  scope: SessionScope,
  context: EventContext,
  { tables, decision }: Preparation,
  slot: OpenedSlot | undefined,
  notify: Notify,
): Promise<void> {
  const { rules, passed } = scope.parts
  if (!decision.snapshotData) {
    if (!passed.started) snapshotSkipped(scope, notify)
    const start = slot?.created === true ? slot.exported?.consistentPoint : undefined
    if (start !== undefined && passed.offset === undefined) passed.startAt(start)
    return
  }
  passed.snapshotBegins()
  const { offset, hasRecords } = await runSnapshot(scope, context, notify, {
    kind: 'INITIAL',
    tables: tables.filter((table) => rules.snapshotsTable(table)),
    exported: slot?.exported,
    repeats: decision.repeats,
    streamsFrom: slot?.streamsFrom,
    before: undefined,
    request: undefined,
  })
  passed.snapshotEnded(offset, hasRecords)
}

const LOST = new ConnectError('HR_RETRIABLE', 'A connection to the server has ended.')

async function stream(
  scope: SessionScope,
  database: Database,
  { replication }: OpenedSlot,
  context: EventContext,
  preparation: Preparation,
  notify: Notify,
  streaming: () => void,
): Promise<void> {
  const { config, rules, passed, emit, metrics, log } = scope.parts
  const { query } = database
  const { server, types, slot } = preparation
  passed.position = await settleMismatch(passed.position, {
    strategy: config['offset.mismatch.strategy'],
    slot: config['slot.name'],
    confirmed: slot?.confirmedFlush ?? null,
    advance: (lsn) => advanceSlot(database, config['slot.name'], lsn),
    log,
  })
  // without an offset, an existing slot says where its stream begins
  if (passed.offset === undefined && slot?.confirmedFlush != null) passed.startAt(slot.confirmedFlush)
  const delayMs = config['streaming.delay.ms']
  if (delayMs > 0) await wait(delayMs, undefined, { signal: scope.signal })
  const signals = openSignals(scope, context, preparation, query, notify)
  const action = actionQuery(scope)
  const reselection = openReselection(scope)
  try {
    await signals?.start(passed.offset)
    const phase = await startStreamPhase({
      config,
      context,
      writer: streamWriter({
        context,
        rules,
        signalTable: rules.signalTable,
        encoding: config['binary.handling.mode'],
        reselection,
        types,
        query,
        knowTypes: (oids) => types.add(query, types.missing(oids)),
      }),
      signals,
      replication,
      serverVersion: server.version,
      offset: passed.offset,
      position: passed.position,
      emit,
      complete: reselection && (() => reselection.complete()),
      counts: metrics.counts,
      heartbeat: () => action?.run(),
      log,
    })
    await untilStreamEnds(scope, phase, database, streaming)
  } finally {
    await signals?.close()
  }
}

async function untilStreamEnds(
  scope: SessionScope,
  phase: StreamPhase,
  database: Database,
  streaming: () => void,
): Promise<void> {
  const { passed, metrics } = scope.parts
  passed.streams(phase)
  metrics.connected(true)
  streaming()
  const timers = startTimers(scope, phase, database)
  try {
    await scope.until([phase.stream.ended, database.ended], LOST)
  } finally {
    for (const timer of timers) clearInterval(timer)
    metrics.connected(false)
    try {
      // nobody takes records after a stop
      if (!scope.signal.aborted) await phase.changes.endOfChunk()
    } finally {
      passed.streamEnded()
      await phase.stream.close()
    }
  }
}

/** Milliseconds between two looks at the slot. */
const SLOT_INTERVAL_MS = 10_000

/** Starts what happens regularly while changes are streamed. */
function startTimers(
  scope: SessionScope,
  { changes }: StreamPhase,
  { query }: Database,
): readonly NodeJS.Timeout[] {
  const { config, passed, metrics, log } = scope.parts
  const timers: NodeJS.Timeout[] = []
  const heartbeatMs = config['heartbeat.interval.ms']
  if (heartbeatMs > 0) {
    const tick = () => void changes.tick()?.catch((error: unknown) => scope.fail(error))
    timers.push(setInterval(tick, Math.max(10, Math.min(heartbeatMs, 1000))))
  }
  const monitor = new SlotMonitor({
    config,
    query,
    confirmed: () => passed.storedLsn,
    show: (facts) => metrics.slot(facts),
    log,
  })
  const look = () => void monitor.look().catch((error: unknown) => scope.fail(error))
  look()
  timers.push(setInterval(look, SLOT_INTERVAL_MS))
  const xminMs = config['xmin.fetch.interval.ms']
  if (xminMs > 0) {
    const fetchXmin = () =>
      void readXmin(query, config['slot.name']).then(
        (xmin) => (changes.xmin = xmin),
        (error: unknown) => scope.fail(error),
      )
    fetchXmin()
    timers.push(setInterval(fetchXmin, xminMs))
  }
  return timers
}

async function readXmin(query: Database['query'], slot: string): Promise<number | null> {
  const [row] = await query(
    'SELECT catalog_xmin::text AS xmin FROM pg_catalog.pg_replication_slots WHERE slot_name = $1',
    [slot],
  )
  const xmin = row?.['xmin'] ?? null
  return xmin === null ? null : Number(xmin)
}

function actionQuery(scope: SessionScope): ActionQuery | undefined {
  const { config, log } = scope.parts
  const sql = config['heartbeat.action.query']
  if (sql === null || sql === '' || config['heartbeat.interval.ms'] === 0) return undefined
  const action = new ActionQuery({
    sql,
    connect: () => scope.connectOwn(),
    failed: (error) => scope.fail(error),
    log,
  })
  void scope.connections.open(Promise.resolve(action))
  return action
}

function openReselection(scope: SessionScope): Reselection | undefined {
  const { props, log } = scope.parts
  const settings = reselectSettings(props)
  if (settings.length === 0) return undefined
  return new Reselection({ settings, connect: () => scope.connect(), signal: scope.signal, log })
}

async function advanceSlot({ query }: Database, slot: string, lsn: Lsn): Promise<void> {
  await query('SELECT pg_catalog.pg_replication_slot_advance($1, $2::pg_lsn)', [slot, formatLsn(lsn)])
}
