import { ConnectError } from '../../../api/index.ts'
import { formatLsn } from '../connection/lsn.ts'
import type { PostgresConfig } from '../config/definition.ts'
import type { SlotFacts } from '../metrics/task-metrics.ts'
import type { Lsn, Query } from '../ports.ts'
import type { Logger } from '../../../api/index.ts'

export interface SlotMonitorParts {
  readonly config: Pick<PostgresConfig, 'slot.name' | 'lsn.flush.timeout.ms' | 'lsn.flush.timeout.action'>
  readonly query: Query
  /** The position that was confirmed to the server last; null if none. */
  confirmed(): Lsn | null
  show(facts: SlotFacts): void
  readonly log: Logger
}

/** On a standby, the slot keeps WAL up to what was replayed. */
const SLOT = `
SELECT s.row ->> 'wal_status' AS wal_status, s.row ->> 'safe_wal_size' AS safe,
       pg_wal_lsn_diff(w.lsn, (s.row ->> 'confirmed_flush_lsn')::pg_lsn)::text AS lag,
       pg_wal_lsn_diff(w.lsn, (s.row ->> 'restart_lsn')::pg_lsn)::text AS kept,
       pg_wal_lsn_diff((s.row ->> 'confirmed_flush_lsn')::pg_lsn, '0/0')::text AS confirmed
  FROM (SELECT to_jsonb(r) AS row FROM pg_replication_slots r WHERE r.slot_name = $1) s
 CROSS JOIN (SELECT CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END AS lsn) w`

/**
 * Looks at the slot: shows its lag, and checks that the server takes the positions that are confirmed. Each call looks once.
 *
 * Source: PostgresStreamingChangeEventSource (LSN flush timeout). Differs: the lag of the slot is a metric.
 */
export class SlotMonitor {
  readonly #parts: SlotMonitorParts
  /** A confirmed position that the slot has not reached yet, and since when. */
  #waitingFor: { readonly lsn: Lsn; readonly since: number } | undefined

  constructor(parts: SlotMonitorParts) {
    this.#parts = parts
  }

  /** Rejects with the error that ends the session. */
  async look(): Promise<void> {
    const { config, query, show } = this.#parts
    const [row] = await query(SLOT, [config['slot.name']])
    if (row === undefined) return
    const number = (column: string) => (row[column] === null ? null : Number(row[column]))
    show({ lagBytes: number('lag'), keptBytes: number('kept'), safeBytes: number('safe') })
    this.#check(number('confirmed') ?? 0)
  }

  #check(slotLsn: Lsn): void {
    const { config, log, confirmed } = this.#parts
    const wanted = this.#waitingFor?.lsn ?? confirmed()
    if (wanted === null || slotLsn >= wanted) {
      this.#waitingFor = undefined
      return
    }
    this.#waitingFor ??= { lsn: wanted, since: Date.now() }
    const action = config['lsn.flush.timeout.action']
    const timeoutMs = config['lsn.flush.timeout.ms']
    if (action === 'ignore' || Date.now() - this.#waitingFor.since < timeoutMs) return
    this.#waitingFor = undefined
    const message =
      `The slot "${config['slot.name']}" has not taken the confirmed position ${formatLsn(wanted)} within` +
      ` lsn.flush.timeout.ms (${timeoutMs}); it is at ${formatLsn(slotLsn)}, and the server keeps the WAL after it.`
    if (action === 'fail') throw new ConnectError('HR_CONNECT', message)
    log.warn(message)
  }
}
