import type { Query, TableName } from '../ports.ts'

/** A publication as the catalog describes it. */
export interface Publication {
  readonly allTables: boolean
  /** Of insert, update, delete and truncate, in this order. */
  readonly operations: readonly string[]
  readonly viaPartitionRoot: boolean
  readonly comment: string | null
}

const operations = ['insert', 'update', 'delete', 'truncate'] as const

/** The publication, or undefined if it does not exist. */
export async function readPublication(query: Query, name: string): Promise<Publication | undefined> {
  const [row] = await query(
    `SELECT puballtables AS all_tables, pubinsert AS insert, pubupdate AS update, pubdelete AS delete,
            pg_catalog.to_jsonb(p) ->> 'pubtruncate' AS truncate, pg_catalog.to_jsonb(p) ->> 'pubviaroot' AS via_root,
            pg_catalog.obj_description(p.oid, 'pg_publication') AS comment
     FROM pg_catalog.pg_publication p WHERE pubname = $1`,
    [name],
  )
  if (row === undefined) return undefined
  const isTrue = (column: string) => ['t', 'true'].includes(row[column] ?? '')
  return {
    allTables: isTrue('all_tables'),
    operations: operations.filter(isTrue),
    viaPartitionRoot: isTrue('via_root'),
    comment: row['comment'] ?? null,
  }
}

/**
 * The tables of a publication: those that were added to it, and those whose changes it publishes. The two differ for partitions
 * and for publications of schemas.
 */
export async function readMembers(
  query: Query,
  publication: string,
): Promise<{ direct: readonly TableName[]; effective: readonly TableName[] }> {
  const direct = await query(
    `SELECT n.nspname AS schema, c.relname AS "table"
     FROM pg_catalog.pg_publication_rel r
     JOIN pg_catalog.pg_publication p ON p.oid = r.prpubid
     JOIN pg_catalog.pg_class c ON c.oid = r.prrelid
     JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE p.pubname = $1`,
    [publication],
  )
  const effective = await query(
    `SELECT schemaname AS schema, tablename AS "table" FROM pg_catalog.pg_publication_tables WHERE pubname = $1`,
    [publication],
  )
  return { direct: direct.map(toName), effective: effective.map(toName) }
}

function toName(row: Readonly<Record<string, string | null>>): TableName {
  return { schema: row['schema'] ?? '', table: row['table'] ?? '' }
}
