import { ConnectError } from '../../../api/index.ts'
import { tableText } from '../config/table-name.ts'
import { isTrue } from '../connection/booleans.ts'
import type { Column, Query, Table, TableName } from '../ports.ts'
import type { SnapshotTable, SnapshotWriter } from './ports.ts'

/** What decides which tables a snapshot reads, and how. */
export interface PlanRules {
  /** The tables of the snapshot in its order. Source: RelationalSnapshotChangeEventSource.determineCapturedTables. */
  snapshotOrder(tables: readonly Table[]): readonly Table[]
  /** The columns of values and keys, in the order of the table. */
  columns(table: Table): readonly Column[]
  /** The statement to read a table with, or a condition for its rows. Undefined to read all rows. */
  select(table: TableName): string | undefined
  /** Whether signals are sent through the table. Its rows are no data. */
  isSignalTable(table: TableName): boolean
  writer(table: Table, columns: readonly Column[]): SnapshotWriter
  /** `snapshot.tables.order.by.row.count` */
  readonly orderByRowCount: string
}

/** A table of the snapshot, and what the server says about it. */
export interface PlannedTable extends SnapshotTable {
  /** `schema.table` */
  readonly name: string
  /** Bytes on disk as of the last VACUUM or ANALYZE, those of partitions included. */
  readonly size: number
  /** Whether policies hide rows from the user. */
  readonly hidesRows: boolean
}

interface Facts {
  /** Estimate of the last ANALYZE or VACUUM. */
  readonly rows: number
  readonly size: number
  readonly hidesRows: boolean
  readonly schemaUsage: boolean
  /** Numbers of the columns that can be read; undefined for all. */
  readonly readable: ReadonlySet<number> | undefined
}

/**
 * Takes no locks, and so does not wait for who changes a table: the sizes are those of the last VACUUM or ANALYZE.
 */
const FACTS = `
SELECT c.oid::text AS oid, c.reltuples::text AS rows,
       (WITH RECURSIVE tree (oid) AS (
          SELECT c.oid UNION ALL SELECT i.inhrelid FROM pg_inherits i JOIN tree ON i.inhparent = tree.oid)
        SELECT sum(greatest(x.relpages, 0)::int8) * current_setting('block_size')::int8
          FROM tree JOIN pg_class x ON x.oid = tree.oid)::text AS size,
       row_security_active(c.oid)::text AS hides_rows,
       has_schema_privilege(c.relnamespace, 'USAGE')::text AS schema_usage,
       CASE WHEN NOT has_table_privilege(c.oid, 'SELECT') THEN
         (SELECT coalesce(json_agg(a.attnum), '[]') FROM pg_attribute a
           WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
             AND has_column_privilege(c.oid, a.attnum, 'SELECT')) END::text AS readable
  FROM pg_class c
 WHERE c.oid = ANY ($1::oid[])`

/**
 * Plans which of the captured tables are read in which order, and with which columns. Throws `HR_CONNECT` if a table may
 * not be read. Tables that no longer exist are left out.
 *
 * Partitioned tables are read as a whole, and their partitions as tables of their own, if both are captured, also if the
 * publication publishes changes as those of the root.
 *
 * Source: RelationalSnapshotChangeEventSource.prepareTables.
 */
export async function planTables(
  query: Query,
  captured: readonly Table[],
  rules: PlanRules,
): Promise<readonly PlannedTable[]> {
  const ordered = rules.snapshotOrder(captured).filter((table) => !rules.isSignalTable(table))
  const facts = await readFacts(query, ordered)
  const kept = ordered.filter(({ oid }) => facts.has(oid))
  const factsOf = (table: Table): Facts => facts.get(table.oid) ?? noFacts
  const planned = sortByRows(kept, factsOf, rules.orderByRowCount).map((table) =>
    plannedTable(table, factsOf(table), rules),
  )
  return planned
}

const noFacts: Facts = {
  rows: 0,
  size: 0,
  hidesRows: false,
  schemaUsage: true,
  readable: undefined,
}

async function readFacts(query: Query, tables: readonly Table[]): Promise<ReadonlyMap<number, Facts>> {
  if (tables.length === 0) return new Map()
  const rows = await query(FACTS, [`{${tables.map(({ oid }) => oid).join(',')}}`])
  return new Map(rows.map((row) => [Number(row['oid']), factsIn(row)]))
}

function factsIn(row: Readonly<Record<string, string | null>>): Facts {
  const readable = row['readable'] ?? null
  return {
    rows: Number(row['rows'] ?? 0),
    size: Number(row['size'] ?? 0),
    hidesRows: isTrue(row['hides_rows']),
    schemaUsage: isTrue(row['schema_usage']),
    readable: readable === null ? undefined : new Set(JSON.parse(readable) as number[]),
  }
}

/** Tables without statistics keep their order. */
function sortByRows(
  tables: readonly Table[],
  factsOf: (table: Table) => Facts,
  order: string,
): readonly Table[] {
  const direction = { ascending: 1, descending: -1 }[order.toLowerCase()]
  if (direction === undefined) return tables
  return tables.toSorted((a, b) => direction * (factsOf(a).rows - factsOf(b).rows))
}

function plannedTable(table: Table, facts: Facts, rules: PlanRules): PlannedTable {
  const columns = rules.columns(table)
  const select = rules.select(table)
  if (select === undefined || !isStatement(select)) checkPrivileges(table, columns, facts)
  return {
    table,
    name: tableText(table),
    columns,
    select,
    size: facts.size,
    hidesRows: facts.hidesRows,
    writer: (cells) => rules.writer(table, cells),
  }
}

/** Whether text is a statement rather than a condition. */
export function isStatement(text: string): boolean {
  return /^[\s(]*(?:select|with|table|values)\b/i.test(text)
}

function checkPrivileges(table: Table, columns: readonly Column[], facts: Facts): void {
  const name = `"${table.schema}"."${table.table}"`
  if (!facts.schemaUsage) {
    throw denied(
      `The user may not use the schema of the captured table ${tableText(table)}.`,
      `GRANT USAGE ON SCHEMA "${table.schema}"`,
    )
  }
  const { readable } = facts
  if (readable === undefined) return
  const missing = columns.filter(({ number }) => !readable.has(number)).map((column) => column.name)
  if (missing.length === 0 && readable.size > 0) return
  const which = readable.size === 0 ? 'any column' : `the columns ${missing.join(', ')}`
  throw denied(
    `The user may not read ${which} of the captured table ${tableText(table)}.`,
    `GRANT SELECT ON ${name}`,
  )
}

function denied(problem: string, statement: string): ConnectError {
  return new ConnectError(
    'HR_CONNECT',
    `${problem} Run ${statement} TO the user in database.user, or exclude the table with table.exclude.list.`,
  )
}
