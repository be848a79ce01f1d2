import type { Finding } from '../../../../api/index.ts'
import { tableText } from '../../config/table-name.ts'
import { quoteIdentifier, quoteTable } from '../../connection/quoting.ts'
import type { Query, TableName } from '../../ports.ts'
import { publishedOperations } from '../../slot/publication.ts'
import type { Publication } from '../../slot/publication-catalog.ts'
import { parseIdentityRules } from '../../slot/replica-identity.ts'
import { error } from '../../../shared/finding.ts'
import { named, run } from '../texts.ts'
import type { Inspection } from '../inspection.ts'

/** A table whose updates and deletes fail as soon as a publication publishes them. */
interface Unidentified extends TableName {
  readonly oid: number
  readonly reason: string
  readonly ancestors: readonly number[]
  /** The publications that publish its updates or deletes now. */
  readonly publications: readonly string[]
}

/** pg_publication_namespace exists since PostgreSQL 15. */
const ofSchema = `
    OR EXISTS (SELECT FROM pg_catalog.pg_publication_namespace s
                WHERE s.pnpubid = p.oid AND s.pnnspid = c.relnamespace)`

/**
 * The server checks tables with rows, also those that publish changes as their root's. It accepts an index that is not
 * deferrable. FULL identifies rows without one. Changes of unlogged and temporary tables are not published.
 */
const unidentified = (version: number): string => `
SELECT n.nspname AS schema, c.relname AS "table", c.oid, c.relreplident AS identity,
       EXISTS (SELECT FROM pg_catalog.pg_index i WHERE i.indrelid = c.oid AND i.indisprimary) AS has_key,
       (SELECT coalesce(json_agg(a.relid::oid::int8), '[]')
          FROM pg_catalog.pg_partition_ancestors(c.oid) a WHERE a.relid <> c.oid)::text AS ancestors,
       (SELECT coalesce(json_agg(p.pubname ORDER BY p.pubname), '[]')
          FROM pg_catalog.pg_publication p
         WHERE (p.pubupdate OR p.pubdelete)
           AND (p.puballtables
                OR EXISTS (SELECT FROM pg_catalog.pg_publication_rel r
                            WHERE r.prpubid = p.oid
                              AND (r.prrelid = c.oid
                                   OR r.prrelid IN (SELECT relid FROM pg_catalog.pg_partition_ancestors(c.oid))))
                ${version >= 150_000 ? ofSchema : ''}))::text AS publications
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind = 'r' AND c.relpersistence = 'p' AND c.oid >= 16384 AND c.relreplident <> 'f'
   AND n.nspname NOT IN ('pg_catalog', 'information_schema')
   AND NOT EXISTS (
     SELECT FROM pg_catalog.pg_index i
      WHERE i.indrelid = c.oid AND i.indisvalid AND i.indimmediate
        AND CASE c.relreplident WHEN 'd' THEN i.indisprimary WHEN 'i' THEN i.indisreplident END)
 ORDER BY 1, 2`

/**
 * Tables of the whole database whose updates and deletes fail, or will fail once the publication is created or changed. `publication` is that of the connector.
 */
export async function unwritableFindings(
  inspection: Inspection,
  publication: Publication | undefined,
): Promise<readonly Finding[]> {
  const tables = await readUnidentified(inspection.query, inspection.server.version)
  const now = tables.filter(({ publications }) => publications.length > 0)
  const later = tables.filter(
    (table) => table.publications.length === 0 && willBePublished(inspection, publication, table),
  )
  return [
    ...(now.length > 0 ? [failsNow(now)] : []),
    ...(later.length > 0 ? [willFail(inspection, later)] : []),
  ]
}

async function readUnidentified(query: Query, version: number): Promise<readonly Unidentified[]> {
  const rows = await query(unidentified(version))
  return rows.map((row) => ({
    schema: row['schema'] ?? '',
    table: row['table'] ?? '',
    oid: Number(row['oid']),
    reason: reasonOf(row['identity'] ?? '', row['has_key'] === 't'),
    ancestors: JSON.parse(row['ancestors'] ?? '[]') as number[],
    publications: JSON.parse(row['publications'] ?? '[]') as string[],
  }))
}

function reasonOf(identity: string, hasKey: boolean): string {
  if (identity === 'n') return 'replica identity NOTHING'
  if (identity === 'i') return 'the index of its replica identity was dropped'
  return hasKey ? 'its primary key is deferrable' : 'no primary key'
}

/** Whether the publication will publish the updates and deletes of the table, whoever creates or changes it. */
function willBePublished(
  { config, tables, rules }: Inspection,
  publication: Publication | undefined,
  table: Unidentified,
): boolean {
  const mode = config['publication.autocreate.mode']
  if (publication !== undefined && mode !== 'filtered') return false
  const skippedOperations = rules.skipsExplicitly ? [...rules.skippedOperations] : undefined
  const operations = publishedOperations({ skippedOperations }) ?? publication?.operations ?? ['update']
  if (!operations.includes('update') && !operations.includes('delete')) return false
  const captured = tables.some(({ oid }) => oid === table.oid || table.ancestors.includes(oid))
  if (mode !== 'all_tables' && !captured) return false
  const identities = parseIdentityRules(config['replica.identity.autoset.values'] ?? '')
  const rule = identities.find((identity) => identity.tables.matches(tableText(table)))
  return !(captured && (rule?.identity === 'f' || rule?.identity === 'i'))
}

const described = (tables: readonly Unidentified[]): string =>
  named(tables.map((table) => `${tableText(table)} (${table.reason})`))

const fullIdentity = (tables: readonly TableName[]): string =>
  run(...tables.map((table) => `ALTER TABLE ${quoteTable(table)} REPLICA IDENTITY FULL`))

function failsNow(tables: readonly Unidentified[]): Finding {
  const publications = new Set(tables.flatMap((table) => table.publications))
  const names = named([...publications].map(quoteIdentifier))
  return error(
    'table-unwritable',
    `UPDATE and DELETE fail on tables without a replica identity, because publications (${names}) contain them, also if nobody` +
      ` reads the publications: ${described(tables)}.`,
    `Give each table a primary key that is not deferrable, or drop publications that nobody needs, or ${fullIdentity(tables)}`,
  )
}

function willFail({ config }: Inspection, tables: readonly Unidentified[]): Finding {
  const name = quoteIdentifier(config['publication.name'])
  const all = config['publication.autocreate.mode'] === 'all_tables'
  const scope = all
    ? `publication.autocreate.mode=all_tables puts every table of the database into the publication ${name}, captured or not`
    : `The captured tables become part of the publication ${name}`
  const filtered = all ? 'set publication.autocreate.mode=filtered, or ' : ''
  return error(
    'publication-makes-unwritable',
    `${scope}. From then on, and also after the connector is deleted, UPDATE and DELETE of applications will fail on the tables` +
      ` without a replica identity: ${described(tables)}.`,
    `Before the connector starts, give each table a primary key that is not deferrable, or ${filtered}${fullIdentity(tables)}`,
  )
}
