import { isTrue } from '../connection/booleans.ts'
import { quoteIdentifier, quoteTable } from '../connection/quoting.ts'
import type { Query, Table, TableName } from '../ports.ts'
import { isStatement, type PlannedTable } from './plan.ts'

/** A part of a table that one COPY reads. */
export interface Part {
  /** The table itself, or one of its partitions. Undefined to read with the statement of {@link PlannedTable.select}. */
  readonly from: TableName | undefined
  /** First block; undefined from the beginning. */
  readonly first: number | undefined
  /** Block after the last one; undefined up to the end, whatever its number. */
  readonly end: number | undefined
  /** Bytes on disk, without TOAST and indexes. */
  readonly size: number
}

/** How parts are made. */
export interface Splitting {
  /** Parts per table and partition, as far as it is large enough. */
  readonly parts: number
  /** Whether the server can read ranges of ctid without reading the whole table: since PostgreSQL 14. */
  readonly ranges: boolean
  /** Whether partitions of a partitioned table are read one by one. */
  readonly partitions: boolean
}

/** What is read of a table, and whether the table was rewritten since the snapshot began. */
export interface Measured {
  readonly parts: readonly Part[]
  readonly rewritten: boolean
  /** Bytes on disk, without TOAST and indexes. */
  readonly size: number
}

/** A smaller part costs more than it saves. */
const MIN_PART_BYTES = 2 * 1024 * 1024
/** What is repeated at most if a reader loses its connection. */
const MAX_PART_BYTES = 1024 * 1024 * 1024

/**
 * `pg_relation_filenode` and `pg_relation_size` tell about the table as it is now, pg_class about that of the snapshot.
 */
const RELATIONS = `
SELECT n.nspname AS schema, c.relname AS name, a.amname AS method,
       pg_relation_size(c.oid)::text AS size, current_setting('block_size') AS block_size,
       (pg_relation_filenode(c.oid) IS DISTINCT FROM c.relfilenode AND c.relkind = 'r')::text AS rewritten,
       has_table_privilege(c.oid, 'SELECT')::text AS readable,
       (c.relkind = 'r' AND EXISTS (SELECT FROM pg_inherits i WHERE i.inhparent = c.oid))::text AS parent
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_am a ON a.oid = c.relam`

const TABLE = `${RELATIONS}\n WHERE c.oid = $1::oid`

const LEAVES = `${RELATIONS}
  JOIN pg_partition_tree($1::oid) WITH ORDINALITY AS t (relid, parentrelid, isleaf, level, position)
    ON t.relid = c.oid
 WHERE t.isleaf
 ORDER BY t.position`

interface Relation extends TableName {
  readonly heap: boolean
  readonly size: number
  readonly blockSize: number
  readonly rewritten: boolean
  readonly readable: boolean
  readonly parent: boolean
}

/**
 * Measures a table and divides it into parts. The caller holds a lock on the table that keeps it from being rewritten:
 * otherwise rows move to other blocks.
 */
export async function measureTable(
  query: Query,
  planned: PlannedTable,
  splitting: Splitting,
): Promise<Measured> {
  const { table, select } = planned
  const relations = await relationsOf(query, table)
  const rewritten = relations.some((relation) => relation.rewritten)
  const size = relations.reduce((sum, relation) => sum + relation.size, 0)
  const whole = (from: TableName | undefined): Measured => ({ parts: [wholeOf(from, size)], rewritten, size })
  if (isWholeStatement(planned)) return whole(undefined)
  if (select !== undefined || relations.length === 0) return whole(table)
  const unreadable = relations.some(({ readable }) => !readable)
  if (table.kind === 'partitioned' && (unreadable || !splitting.partitions)) return whole(table)
  return { parts: relations.flatMap((relation) => partsOf(relation, splitting)), rewritten, size }
}

async function relationsOf(query: Query, table: Table): Promise<readonly Relation[]> {
  const rows = await query(table.kind === 'partitioned' ? LEAVES : TABLE, [table.oid])
  return rows.map((row) => ({
    schema: row['schema'] ?? '',
    table: row['name'] ?? '',
    heap: row['method'] === 'heap',
    size: Number(row['size'] ?? 0),
    blockSize: Number(row['block_size']),
    rewritten: isTrue(row['rewritten']),
    readable: isTrue(row['readable']),
    parent: isTrue(row['parent']),
  }))
}

function partsOf(relation: Relation, splitting: Splitting): readonly Part[] {
  const { size, blockSize } = relation
  if (!splitting.ranges || !relation.heap || relation.parent) return [wholeOf(relation, size)]
  const blocks = Math.ceil(size / blockSize)
  const wanted = Math.max(splitting.parts, Math.ceil(size / MAX_PART_BYTES))
  const count = Math.max(1, Math.min(wanted, Math.floor(size / MIN_PART_BYTES)))
  return Array.from({ length: count }, (_, index) => {
    const first = Math.floor((blocks * index) / count)
    const end = Math.floor((blocks * (index + 1)) / count)
    return {
      from: relation,
      first: index === 0 ? undefined : first,
      // rows that are visible can be in blocks that were added since
      end: index === count - 1 ? undefined : end,
      size: (end - first) * blockSize,
    }
  })
}

function wholeOf(from: TableName | undefined, size: number): Part {
  return { from, first: undefined, end: undefined, size }
}

/** Whether a statement of its own reads the table. */
export function isWholeStatement(planned: PlannedTable): boolean {
  return planned.select !== undefined && isStatement(planned.select)
}

/** Returns the statement that reads a part. `columns` are its cells. */
export function copyStatement(planned: PlannedTable, part: Part, columns: readonly string[]): string {
  const { select } = planned
  if (part.from === undefined) {
    const list = columns.map((name) => `q.${quoteIdentifier(name)}`).join(', ')
    return `COPY (SELECT ${list} FROM (${statementOf(select)}) AS q) TO STDOUT`
  }
  const conditions: string[] = []
  if (select !== undefined) conditions.push(`(${statementOf(select)})`)
  if (part.first !== undefined) conditions.push(`ctid >= '(${part.first},0)'::tid`)
  if (part.end !== undefined) conditions.push(`ctid < '(${part.end},0)'::tid`)
  const where = conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`
  return `COPY (SELECT ${columns.map(quoteIdentifier).join(', ')} FROM ${quoteTable(part.from)}${where}) TO STDOUT`
}

/** The text between blanks and the semicolon at the end; a comment at the end must not hide what follows. */
export function statementOf(select: string | undefined): string {
  const text = (select ?? '').trim().replace(/[;\s]+$/, '')
  return text.includes('--') ? `${text}\n` : text
}

/** Returns a statement with one row that has the columns of a statement, without running it. */
export function describeStatement(select: string): string {
  return `SELECT q.* FROM (VALUES (1)) AS one LEFT JOIN (SELECT * FROM (${statementOf(select)}) AS s LIMIT 0) AS q ON true`
}

/** The part in messages. */
export function partText(planned: PlannedTable, part: Part, index: number, count: number): string {
  const where =
    part.from === undefined || part.from.table === planned.table.table ? '' : `, partition ${part.from.table}`
  return count === 1 ? planned.name : `${planned.name}, part ${index + 1} of ${count}${where}`
}
