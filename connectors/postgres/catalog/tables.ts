import type { Column, Query, ReplicaIdentity, Table, TableName } from '../ports.ts'

/** Which tables to load. Tables that do not exist are missing in the result. */
export type TableSelection =
  { readonly oids: readonly number[] } | { readonly names: readonly TableName[] } | 'all'

/**
 * Columns, keys and replica identities as JSON, one row per table: a single query sees one state of the catalog, and its
 * cost hardly depends on the round trip.
 */
const TABLES = `
SELECT c.oid::text AS oid, n.nspname AS schema, c.relname AS name, c.relkind::text AS kind,
       c.relispartition::text AS partition, c.relreplident::text AS identity,
       (SELECT json_agg(json_build_array(a.attname, a.attnum, a.atttypid::int8, a.atttypmod,
                        a.attnotnull OR (t.typtype = 'd' AND t.typnotnull),
                        CASE WHEN a.attgenerated = '' THEN pg_get_expr(d.adbin, d.adrelid) END,
                        m.description, a.attgenerated <> '') ORDER BY a.attnum)
          FROM pg_attribute a
          JOIN pg_type t ON t.oid = a.atttypid
          LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
          LEFT JOIN pg_description m
            ON m.objoid = a.attrelid AND m.objsubid = a.attnum AND m.classoid = 'pg_class'::regclass
         WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)::text AS columns,
       (SELECT json_agg(a.attname ORDER BY k.position)
          FROM pg_index i
          CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS k (number, position)
          JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number
         WHERE i.indrelid = c.oid AND i.indisprimary AND k.position <= i.indnkeyatts)::text AS primary_key,
       (SELECT json_agg(a.attname ORDER BY k.position)
          FROM (SELECT u.indrelid, u.indkey, u.indnkeyatts
                  FROM pg_index u JOIN pg_class x ON x.oid = u.indexrelid
                 WHERE u.indrelid = c.oid AND u.indisunique AND NOT u.indisprimary AND u.indexprs IS NULL
                 ORDER BY u.indisclustered DESC, x.relname LIMIT 1) i
          CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS k (number, position)
          JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number
         WHERE k.position <= i.indnkeyatts)::text AS unique_index
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't'
   AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
   AND n.nspname NOT LIKE 'pg\\_temp%'`

const ORDER = '\n ORDER BY n.nspname, c.relname'

/**
 * Loads tables with one query: ordinary tables, partitioned tables and partitions, in the order of their names. Columns of
 * keys are in key order; the primary key comes before other unique indexes, and of these the clustered one comes first,
 * then the one whose name sorts first, whether it is partial, nullable or neither.
 *
 * Source: JdbcConnection.readSchema, PostgresConnection.readTableUniqueIndices.
 */
export async function loadTables(query: Query, selection: TableSelection = 'all'): Promise<readonly Table[]> {
  if (selection === 'all') return (await query(TABLES + ORDER)).map(tableOf)
  if ('oids' in selection) {
    if (selection.oids.length === 0) return []
    const sql = `${TABLES} AND c.oid = ANY ($1::oid[])${ORDER}`
    return (await query(sql, [`{${selection.oids.join(',')}}`])).map(tableOf)
  }
  const { names } = selection
  if (names.length === 0) return []
  const sql = `${TABLES} AND (n.nspname, c.relname) IN (SELECT * FROM unnest($1::name[], $2::name[]))${ORDER}`
  const values = [arrayText(names.map(({ schema }) => schema)), arrayText(names.map(({ table }) => table))]
  return (await query(sql, values)).map(tableOf)
}

type ColumnJson = [
  name: string,
  number: number,
  typeOid: number,
  typmod: number,
  notNull: boolean,
  defaultExpression: string | null,
  comment: string | null,
  generated: boolean,
]

function tableOf(row: Readonly<Record<string, string | null>>): Table {
  const columns = JSON.parse(row['columns'] ?? '[]') as ColumnJson[]
  return {
    schema: row['schema'] ?? '',
    table: row['name'] ?? '',
    oid: Number(row['oid']),
    columns: columns.map(columnOf),
    primaryKey: JSON.parse(row['primary_key'] ?? '[]') as string[],
    uniqueIndex: JSON.parse(row['unique_index'] ?? '[]') as string[],
    replicaIdentity: (row['identity'] ?? 'd') as ReplicaIdentity,
    kind: kindOf(row['kind'] ?? null, row['partition'] ?? null),
  }
}

function columnOf(json: ColumnJson): Column {
  const [name, number, typeOid, typmod, notNull, defaultExpression, comment, generated] = json
  return { name, number, typeOid, typmod, optional: !notNull, defaultExpression, comment, generated }
}

/** A partition that is partitioned itself has no rows of its own either. */
function kindOf(relkind: string | null, isPartition: string | null): Table['kind'] {
  if (relkind === 'p') return 'partitioned'
  return isPartition === 'true' ? 'partition' : 'table'
}

/** Writes the literal of a one-dimensional array. */
function arrayText(items: readonly string[]): string {
  return `{${items.map((item) => `"${item.replaceAll(/["\\]/g, String.raw`\$&`)}"`).join(',')}}`
}
