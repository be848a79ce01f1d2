import { quoteIdentifier as quoted } from '../../connection/quoting.ts'
import type { Database, Lsn, TableName } from '../../ports.ts'
import { cellText, ChunkRows } from './chunk-rows.ts'
import { chunkSql, maximumKeySql, type ChunkKey, type ChunkPlan } from './chunk-query.ts'
import { parseVisible, type VisibleTransactions } from './visibility.ts'

/** A chunk that was read. */
export interface ReadChunk {
  readonly rows: ChunkRows
  /** Key of the last row; null if there is none. */
  readonly lastKey: ChunkKey | null
  readonly visible: VisibleTransactions
  /** Everything that the chunk has seen was committed before this position. */
  readonly lsn: Lsn
}

/** What to read. */
export interface ChunkRange {
  readonly after: ChunkKey | null
  readonly maximum: ChunkKey
  readonly limit: number
  readonly condition: string | undefined
}

/** Returns the last key of a table now; null if no row matches the condition. */
export async function readMaximumKey(
  database: Database,
  plan: ChunkPlan,
  condition: string | undefined,
): Promise<ChunkKey | null> {
  const [row] = await database.query(maximumKeySql(plan, condition))
  return row === undefined ? null : plan.key.map((_, index) => row[`k${index}`] ?? null)
}

/** Reads a chunk in one transaction, so that `visible` is what its SELECT has seen. */
export async function readChunk(
  database: Database,
  plan: ChunkPlan,
  range: ChunkRange,
  signal: AbortSignal,
): Promise<ReadChunk> {
  await database.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
  try {
    // The position is read after the first statement has taken the snapshot: functions run later than that.
    const [facts] = await database.query(
      `SELECT txid_current_snapshot()::text AS visible, CASE WHEN pg_is_in_recovery() THEN
         pg_last_wal_replay_lsn() ELSE pg_current_wal_insert_lsn() END - '0/0'::pg_lsn AS lsn`,
    )
    const rows = new ChunkRows(plan.cells.length)
    let lastKey: ChunkKey | null = null
    const consumer = {
      row: (row: Parameters<ChunkRows['append']>[0]) => rows.append(row),
      endOfChunk: () => undefined,
    }
    await database.copyOut(chunkSql(plan, range, range.condition), plan.cells.length, consumer, signal)
    rows.forEach((row, index) => {
      if (index === rows.count - 1) lastKey = plan.keyCells.map((cell) => cellText(row, cell))
    })
    await database.query('COMMIT')
    return {
      rows,
      lastKey,
      visible: parseVisible(facts?.['visible'] ?? ''),
      lsn: beforePageHeader(Number(facts?.['lsn'])),
    }
  } catch (error) {
    await database.query('ROLLBACK').catch(() => undefined)
    throw error
  }
}

const PAGE = 8192

/** At the start of a page of the WAL, the insert position is behind the header, and the stream ends before it. */
function beforePageHeader(lsn: Lsn): Lsn {
  const offset = lsn % PAGE
  return offset === 24 || offset === 40 ? lsn - offset : lsn
}

/** Returns the transactions that have committed and stay invisible until a synchronous standby has confirmed them. */
export async function waitingForStandby(database: Database): Promise<readonly number[]> {
  const rows = await database.query(
    "SELECT backend_xid AS xid FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND backend_xid IS NOT NULL",
  )
  return rows.map((row) => Number(row['xid']))
}

/** Inserts a row into the signal table, whatever its columns are named. */
export async function insertSignal(
  database: Database,
  table: TableName,
  row: readonly [id: string, type: string, data: string],
): Promise<void> {
  await database.query(`INSERT INTO ${quoted(table.schema)}.${quoted(table.table)} VALUES ($1, $2, $3)`, row)
}

/** Deletes the row that opened a window. */
export async function deleteSignal(database: Database, table: TableName, id: string): Promise<void> {
  const [column] = await database.query(
    `SELECT attname AS name FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped
     ORDER BY attnum LIMIT 1`,
    [`${quoted(table.schema)}.${quoted(table.table)}`],
  )
  const name = quoted(column?.['name'] ?? 'id')
  await database.query(`DELETE FROM ${quoted(table.schema)}.${quoted(table.table)} WHERE ${name} = $1`, [id])
}
