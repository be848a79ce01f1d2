import type { Query, Table } from '../../ports.ts'

/** What the catalog says about a table for the connection's role, beside its columns. */
export interface TableFacts {
  /** Whether the role may change the table as its owner. */
  readonly owned: boolean
  /** relpersistence: `p` for permanent, `u` for unlogged. */
  readonly persistence: string
  /** Whether policies hide rows from the role. */
  readonly hidesRows: boolean
  readonly schemaUsage: boolean
  /** Numbers of the columns that can be read; undefined for all. */
  readonly readable: ReadonlySet<number> | undefined
  /** Oids of the partitioned tables above. */
  readonly ancestors: readonly number[]
  /**
   * Columns that identify the old row of an update or delete: those of the primary key or of the index of the replica
   * identity, if it is usable. Undefined if none is.
   */
  readonly identityColumns: readonly string[] | undefined
}

const FACTS = `
SELECT c.oid::text AS oid, pg_catalog.pg_has_role(c.relowner, 'USAGE') AS owned, c.relpersistence AS persistence,
       pg_catalog.row_security_active(c.oid) AS hides_rows,
       pg_catalog.has_schema_privilege(c.relnamespace, 'USAGE') AS schema_usage,
       CASE WHEN NOT pg_catalog.has_table_privilege(c.oid, 'SELECT') THEN
         (SELECT coalesce(json_agg(a.attnum), '[]') FROM pg_catalog.pg_attribute a
           WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
             AND pg_catalog.has_column_privilege(c.oid, a.attnum, 'SELECT')) END::text AS readable,
       (SELECT coalesce(json_agg(p.relid::oid::int8), '[]')
          FROM pg_catalog.pg_partition_ancestors(c.oid) p WHERE p.relid <> c.oid)::text AS ancestors,
       (SELECT json_agg(a.attname)
          FROM pg_catalog.pg_index i
          JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey::int2[])
         WHERE i.indrelid = c.oid AND i.indisvalid AND i.indimmediate
           AND CASE c.relreplident WHEN 'd' THEN i.indisprimary WHEN 'i' THEN i.indisreplident END)::text
         AS identity_columns
  FROM pg_catalog.pg_class c
 WHERE c.oid = ANY ($1::oid[])`

/** Reads the facts of tables with one query, by oid. */
export async function readTableFacts(
  query: Query,
  tables: readonly Table[],
): Promise<ReadonlyMap<number, TableFacts>> {
  if (tables.length === 0) return new Map()
  const rows = await query(FACTS, [`{${tables.map(({ oid }) => oid).join(',')}}`])
  return new Map(rows.map((row) => [Number(row['oid']), factsIn(row)]))
}

function factsIn(row: Readonly<Record<string, string | null>>): TableFacts {
  const json = (column: string): unknown => {
    const text = row[column] ?? null
    return text === null ? undefined : JSON.parse(text)
  }
  const readable = json('readable') as number[] | undefined
  return {
    owned: row['owned'] === 't',
    persistence: row['persistence'] ?? 'p',
    hidesRows: row['hides_rows'] === 't',
    schemaUsage: row['schema_usage'] === 't',
    readable: readable && new Set(readable),
    ancestors: (json('ancestors') as number[] | undefined) ?? [],
    identityColumns: json('identity_columns') as string[] | undefined,
  }
}
