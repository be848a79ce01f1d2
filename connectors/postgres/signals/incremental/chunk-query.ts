import { quoteIdentifier as quoted, quoteLiteral } from '../../connection/quoting.ts'
import type { Query } from '../../ports.ts'
import type { ChunkSource } from '../ports.ts'
import type { RowIdentity } from './window.ts'

/** A key of a chunk, as texts of PostgreSQL in the order of the key columns. */
export type ChunkKey = readonly (string | null)[]

interface KeyColumn {
  readonly name: string
  /** For casts, with modifier. The base type of a domain, whose values enums and ranges do not compare. */
  readonly type: string
  readonly isDomain: boolean
  readonly nullable: boolean
}

/** How to read the chunks of a table. */
export interface ChunkPlan {
  readonly source: ChunkSource
  readonly surrogateKey: string | undefined
  /** Columns by which the chunks are ordered. No two rows have the same. */
  readonly key: readonly KeyColumn[]
  /** How many of them belong to the key that is configured; the others make it unique. */
  readonly configuredKey: number
  readonly identity: RowIdentity
  /** All cells to read: those of the source first. */
  readonly cells: readonly string[]
  readonly keyCells: readonly number[]
  readonly identityCells: readonly number[]
}

interface ColumnFacts {
  readonly type: string
  readonly isDomain: boolean
}

interface TableFacts {
  readonly columns: ReadonlyMap<string, ColumnFacts>
  readonly identityIndex: readonly string[]
}

/**
 * Returns how to read the chunks of a table; undefined if it has no key and no surrogate key is given.
 *
 * The key is the surrogate key, or the key of the records: `message.key.columns`, the primary key, or a unique index.
 * Unless it contains the primary key, two rows can have the same key, and one of them would be lost where a chunk ends
 * between them: then the primary key, or else the physical position of the row, is added. Rows that move are not lost
 * by this, because the stream has them.
 *
 * Differs: Debezium uses the key as it is.
 */
export async function planChunks(
  query: Query,
  source: ChunkSource,
  surrogateKey: string | undefined,
): Promise<ChunkPlan | undefined> {
  const configured = surrogateKey === undefined ? source.keyColumns : [surrogateKey]
  if (configured.length === 0) return undefined
  const { table } = source
  const facts = await readFacts(query, table.oid)
  const names = [...configured]
  if (table.primaryKey.length === 0) names.push('tableoid', 'ctid')
  else names.push(...table.primaryKey.filter((name) => !configured.includes(name)))
  const optional = new Set(table.columns.filter((column) => column.optional).map((column) => column.name))
  const key = names.map((name) => ({
    name,
    ...(facts.columns.get(name) ?? { type: 'text', isDomain: false }),
    nullable: optional.has(name),
  }))
  const identity = identityOf(source, facts)
  const cells = [...new Set([...source.columns, ...names, ...identity.columns])]
  const cellsOf = (columns: readonly string[]): number[] => columns.map((name) => cells.indexOf(name))
  const configuredCount = configured.length
  return {
    source,
    surrogateKey,
    key,
    configuredKey: configuredCount,
    identity,
    cells,
    keyCells: cellsOf(names),
    identityCells: cellsOf(identity.columns),
  }
}

function identityOf({ table }: ChunkSource, { identityIndex }: TableFacts): RowIdentity {
  if (table.replicaIdentity === 'i' && identityIndex.length > 0)
    return { columns: identityIndex, unique: true }
  if (table.primaryKey.length > 0) return { columns: table.primaryKey, unique: true }
  const columns = table.columns.filter((column) => !column.generated).map((column) => column.name)
  return { columns, unique: false }
}

const FACTS = `
SELECT a.attname AS name, (t.typtype = 'd')::text AS is_domain,
       CASE WHEN t.typtype <> 'd' THEN format_type(a.atttypid, a.atttypmod) ELSE (
         WITH RECURSIVE base (oid, typmod) AS (
           SELECT t.typbasetype, t.typtypmod
            UNION ALL
           SELECT b.typbasetype, b.typtypmod FROM base d JOIN pg_type b ON b.oid = d.oid WHERE b.typtype = 'd')
         SELECT format_type(d.oid, d.typmod) FROM base d JOIN pg_type b ON b.oid = d.oid WHERE b.typtype <> 'd'
       ) END AS type,
       EXISTS (SELECT 1 FROM pg_index i WHERE i.indrelid = a.attrelid AND i.indisreplident
                  AND a.attnum = ANY ((i.indkey::int2[])[0:i.indnkeyatts - 1]))::text AS in_identity
  FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
 WHERE a.attrelid = $1::oid AND NOT a.attisdropped`

async function readFacts(query: Query, oid: number): Promise<TableFacts> {
  const columns = new Map<string, ColumnFacts>()
  const identityIndex: string[] = []
  for (const row of await query(FACTS, [oid])) {
    const name = row['name'] ?? ''
    columns.set(name, { type: row['type'] ?? 'text', isDomain: row['is_domain'] === 'true' })
    if (row['in_identity'] === 'true') identityIndex.push(name)
  }
  return { columns, identityIndex }
}

/** Returns the SQL of the last key of a table, with the key columns as columns k0, k1, … */
export function maximumKeySql(plan: ChunkPlan, condition: string | undefined): string {
  const columns = plan.key.map(({ name }, index) => `${quoted(name)} AS k${index}`).join(', ')
  const order = plan.key.map(({ name }) => `${quoted(name)} DESC`).join(', ')
  return `SELECT ${columns} FROM ${tableSql(plan)}${whereSql([condition])} ORDER BY ${order} LIMIT 1`
}

/** Returns the SQL of the next chunk: the rows after `after`, up to `maximum`. */
export function chunkSql(
  plan: ChunkPlan,
  range: { readonly after: ChunkKey | null; readonly maximum: ChunkKey; readonly limit: number },
  condition: string | undefined,
): string {
  const { after, maximum, limit } = range
  const where = whereSql([
    after === null ? undefined : afterSql(plan.key, after),
    upToSql(plan.key, maximum),
    condition,
  ])
  const columns = plan.cells.map(quoted).join(', ')
  const order = plan.key.map(({ name }) => quoted(name)).join(', ')
  return `COPY (SELECT ${columns} FROM ${tableSql(plan)}${where} ORDER BY ${order} LIMIT ${limit}) TO STDOUT`
}

/** Rows are compared as a whole if no column is nullable: then an index can be used. NULLs are last in indexes. */
function afterSql(key: readonly KeyColumn[], values: ChunkKey): string {
  if (comparable(key, values)) return `${rowSql(key)} > ${valuesSql(key, values)}`
  let sql = 'false'
  for (let index = key.length - 1; index >= 0; index--) {
    const column = key[index]
    if (column === undefined) continue
    const name = columnSql(column)
    const value = values[index] ?? null
    if (value === null) sql = `(${name} IS NULL AND ${sql})`
    else {
      const text = literal(value, column.type)
      const nulls = column.nullable ? ` OR ${name} IS NULL` : ''
      sql = `(${name} > ${text}${nulls} OR (${name} = ${text} AND ${sql}))`
    }
  }
  return sql
}

function upToSql(key: readonly KeyColumn[], values: ChunkKey): string {
  if (comparable(key, values)) return `${rowSql(key)} <= ${valuesSql(key, values)}`
  let sql = 'true'
  for (let index = key.length - 1; index >= 0; index--) {
    const column = key[index]
    if (column === undefined) continue
    const name = columnSql(column)
    const value = values[index] ?? null
    if (value === null) sql = `(${name} IS NOT NULL OR ${sql})`
    else {
      const text = literal(value, column.type)
      sql = `(${name} < ${text} OR (${name} = ${text} AND ${sql}))`
    }
  }
  return sql
}

const comparable = (key: readonly KeyColumn[], values: ChunkKey): boolean =>
  !key.some(({ nullable }) => nullable) && !values.includes(null)

const columnSql = ({ name, type, isDomain }: KeyColumn): string =>
  isDomain ? `${quoted(name)}::${type}` : quoted(name)

const rowSql = (key: readonly KeyColumn[]): string => `(${key.map(columnSql).join(', ')})`

const valuesSql = (key: readonly KeyColumn[], values: ChunkKey): string =>
  `(${key.map(({ type }, index) => literal(values[index] ?? '', type)).join(', ')})`

const tableSql = ({ source: { table } }: ChunkPlan): string =>
  `${quoted(table.schema)}.${quoted(table.table)}`

function whereSql(conditions: readonly (string | undefined)[]): string {
  const present = conditions.filter((condition) => condition !== undefined)
  return present.length === 0 ? '' : ` WHERE ${present.map((condition) => `(${condition})`).join(' AND ')}`
}

/** COPY takes no parameters. */
const literal = (text: string, type: string): string => `${quoteLiteral(text)}::${type}`
