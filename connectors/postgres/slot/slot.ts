import { setTimeout as delay } from 'node:timers/promises'
import { ConnectError, type Logger } from '../../../api/index.ts'
import { sqlStateOf } from '../connection/failures.ts'
import { parseLsn } from '../connection/lsn.ts'
import { slotHolder } from '../connection/replication.ts'
import type { CreatedSlot, Lsn, Query, ReplicationConnection } from '../ports.ts'

/** A logical slot of pgoutput in this database. */
export interface Slot {
  readonly name: string
  /** Process of the server that streams from the slot; null if none does. */
  readonly activePid: number | null
  /** Everything before it is confirmed. Null while the slot is being created. */
  readonly confirmedFlush: Lsn | null
  /** The oldest WAL that the slot needs. Null while the slot is being created, and when it is lost. */
  readonly restartLsn: Lsn | null
  readonly catalogXmin: number | null
  /** reserved, extended, unreserved or lost. Null before PostgreSQL 13, and for a slot without a position. */
  readonly walStatus: string | null
  /** Bytes of WAL that can be written before the slot may be lost. Null without max_slot_wal_keep_size. */
  readonly safeWalSize: number | null
  /** Why the server has invalidated the slot, in its words. Null if it has not. */
  readonly lostBecause: string | null
}

/** to_jsonb gives the columns that this version of the server has. */
const FIND = `
  SELECT s.row ->> 'active_pid' AS active_pid, s.row ->> 'confirmed_flush_lsn' AS confirmed_flush,
         s.row ->> 'restart_lsn' AS restart_lsn, s.row ->> 'catalog_xmin' AS catalog_xmin,
         s.row ->> 'wal_status' AS wal_status, s.row ->> 'safe_wal_size' AS safe_wal_size,
         s.row ->> 'invalidation_reason' AS invalidation_reason, s.row ->> 'conflicting' AS conflicting,
         s.row ->> 'plugin' AS plugin, s.row ->> 'database' AS database, current_database() AS own_database
  FROM (SELECT pg_catalog.to_jsonb(r) AS row FROM pg_catalog.pg_replication_slots r WHERE r.slot_name = $1) s`

/**
 * The slot, or undefined if there is none.
 *
 * Differs: throws HR_CONNECT if the name is taken by a slot of another database or plugin, which cannot be used.
 */
export async function findSlot(query: Query, name: string): Promise<Slot | undefined> {
  const [row] = await query(FIND, [name])
  if (row === undefined) return undefined
  const text = (column: string): string | null => row[column] ?? null
  const number = (column: string): number | null => (text(column) === null ? null : Number(text(column)))
  const lsn = (column: string): Lsn | null => (text(column) === null ? null : parseLsn(text(column) ?? ''))
  if (text('plugin') !== 'pgoutput' || text('database') !== text('own_database')) {
    throw new ConnectError(
      'HR_CONNECT',
      `The slot "${name}" belongs to the database "${text('database') ?? ''}" and the plugin ${text('plugin') ?? 'none'}, expected ` +
        `"${text('own_database') ?? ''}" and pgoutput. Set slot.name to a name that no other connector of this server uses.`,
    )
  }
  const restartLsn = lsn('restart_lsn')
  return {
    name,
    activePid: number('active_pid'),
    confirmedFlush: lsn('confirmed_flush') ?? restartLsn,
    restartLsn,
    catalogXmin: number('catalog_xmin'),
    walStatus: text('wal_status'),
    safeWalSize: number('safe_wal_size'),
    lostBecause: lostBecause(text('wal_status'), text('invalidation_reason'), text('conflicting')),
  }
}

function lostBecause(
  walStatus: string | null,
  reason: string | null,
  conflicting: string | null,
): string | null {
  if (reason !== null) return reason
  if (walStatus === 'lost') return 'the server has removed WAL that it needs'
  return conflicting === 'true' ? 'it conflicted with recovery on the standby' : null
}

/**
 * The slot when its position is known: running transactions can delay that. Throws HR_CONNECT if the slot is lost, and
 * HR_RETRIABLE if the position is not known in time.
 *
 * Source: PostgresConnection.queryForSlot. Differs: a lost slot is an error at once; Debezium waits for it.
 */
export async function findUsableSlot(
  query: Query,
  name: string,
  { signal, attempts = 900, delayMs = 2000 }: { signal: AbortSignal; attempts?: number; delayMs?: number },
): Promise<Slot | undefined> {
  for (let attempt = 1; ; attempt++) {
    const slot = await findSlot(query, name)
    if (slot === undefined) return undefined
    if (slot.lostBecause !== null) throw lostSlot(slot)
    if (slot.confirmedFlush !== null) return slot
    if (attempt === attempts) {
      const waited = Math.round((attempts * delayMs) / 1000)
      throw new ConnectError(
        'HR_RETRIABLE',
        `The slot "${name}" has no position after ${waited} seconds: it waits for transactions that began before it. End them.`,
      )
    }
    await delay(delayMs, undefined, { signal })
  }
}

/** The error of a slot that can never be used again. */
function lostSlot(slot: Slot): ConnectError {
  return new ConnectError(
    'HR_CONNECT',
    `The slot "${slot.name}" cannot be used any more: ${slot.lostBecause ?? 'unknown reason'}. Changes are lost. Drop the slot and ` +
      'take a new snapshot (snapshot.mode=when_needed does both), and raise max_slot_wal_keep_size of the server.',
  )
}

/** How to create a slot. */
export interface SlotCreation {
  readonly name: string
  /** `slot.failover`. */
  readonly failover: boolean
  /** `slot.max.retries`. */
  readonly maxRetries: number
  /** `slot.retry.delay.ms`. */
  readonly retryDelayMs: number
  readonly signal: AbortSignal
  readonly log: Logger
}

/** Cancelled because it took too long, or a lock was not available: other transactions hold it up. */
const heldUp = new Set(['57014', '55P03'])

/**
 * Creates the slot. It is permanent: a temporary one would be lost with the connection. Tries again while running transactions
 * delay it. Rejects with a ConnectError.
 */
export async function createSlot(
  connection: Pick<ReplicationConnection, 'createSlot'>,
  { name, failover, maxRetries, retryDelayMs, signal, log }: SlotCreation,
): Promise<CreatedSlot> {
  for (let retry = 0; ; retry++) {
    try {
      return await connection.createSlot({ name, failover, temporary: false })
    } catch (error) {
      if (!heldUp.has(sqlStateOf(error) ?? '')) throw error
      if (retry >= maxRetries) throw heldUpSlot(name, retry + 1, error)
      log.warn('The slot cannot be created while older transactions run; trying again', {
        slot: name,
        retry: retry + 1,
      })
      await delay(retryDelayMs, undefined, { signal })
    }
  }
}

function heldUpSlot(name: string, attempts: number, cause: unknown): ConnectError {
  const remedy = 'End transactions that run long (pg_stat_activity.xact_start shows their age)'
  const text = `The slot "${name}" could not be created in ${attempts} attempts, because older transactions run. ${remedy}.`
  return new ConnectError('HR_RETRIABLE', text, { cause })
}

const DROP_POLL_MS = 200

/**
 * Drops the slot, if there is one of this database and pgoutput. Waits up to `timeoutMs` until nobody uses it. Rejects with
 * HR_RETRIABLE if it is still in use then.
 */
export async function dropSlot(
  query: Query,
  name: string,
  { timeoutMs, signal }: { timeoutMs: number; signal: AbortSignal },
): Promise<void> {
  const deadline = performance.now() + timeoutMs
  while ((await findSlot(query, name)) !== undefined) {
    try {
      await query('SELECT pg_catalog.pg_drop_replication_slot($1)', [name])
      return
    } catch (error) {
      const state = sqlStateOf(error)
      if (state === '42704') return
      if (state !== '55006') throw error
      if (performance.now() >= deadline) throw await usedSlot(query, name, error)
      await delay(DROP_POLL_MS, undefined, { signal })
    }
  }
}

async function usedSlot(query: Query, name: string, cause: unknown): Promise<ConnectError> {
  const holder = (await slotHolder(query, name)) ?? 'another process'
  const text = `The slot "${name}" cannot be dropped: it is used by ${holder}. End that process, and drop the slot.`
  return new ConnectError('HR_RETRIABLE', text, { cause })
}
