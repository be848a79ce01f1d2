import type { Finding } from '../../../../api/index.ts'
import { tableText } from '../../config/table-name.ts'
import { quoteIdentifier, quoteTable } from '../../connection/quoting.ts'
import type { Query, TableName } from '../../ports.ts'
import { publishedOperations } from '../../slot/publication.ts'
import type { Publication } from '../../slot/publication-catalog.ts'
import { named, runNow } from '../texts.ts'
import { warning } from '../../../shared/finding.ts'
import type { Inspection } from '../inspection.ts'

/** Which changes of its tables an existing publication leaves out. */
export async function contentFindings(
  inspection: Inspection,
  publication: Publication,
): Promise<readonly Finding[]> {
  const { query, config, server } = inspection
  const restricted = server.version >= 150_000 ? await readRestricted(query, config['publication.name']) : []
  const filtered = restricted.filter(({ rowFilter }) => rowFilter !== null)
  const narrowed = restricted.filter((table) => lacksColumns(inspection, table))
  return [
    ...operationFindings(inspection, publication),
    ...partitionFindings(inspection, publication),
    ...restrictedFinding(
      inspection,
      'publication-row-filter',
      'filters rows, so that changes of the others are not captured, though snapshots contain them',
      filtered,
    ),
    ...restrictedFinding(
      inspection,
      'publication-column-list',
      'leaves out captured columns, which are in snapshots only',
      narrowed,
    ),
  ]
}

function operationFindings({ config, rules }: Inspection, { operations }: Publication): readonly Finding[] {
  if (config['publication.autocreate.mode'] === 'filtered' && rules.skipsExplicitly) return [] // a start sets them
  const skippedOperations = [...rules.skippedOperations]
  const expected = publishedOperations({ skippedOperations }) ?? []
  const lacking = expected.filter((operation) => !operations.includes(operation))
  if (lacking.length === 0) return []
  const name = quoteIdentifier(config['publication.name'])
  const text =
    `The publication ${name} publishes ${operations.join(', ') || 'nothing'}, expected ${expected.join(', ')}:` +
    ` there are no events for ${lacking.join(', ')}.`
  const all = [...new Set([...operations, ...lacking])].join(', ')
  return [
    warning('publication-operations', text, runNow(`ALTER PUBLICATION ${name} SET (publish = '${all}')`)),
  ]
}

/** `publish.via.partition.root` has an effect only when the connector creates the publication. */
function partitionFindings(
  { config, tables }: Inspection,
  { viaPartitionRoot }: Publication,
): readonly Finding[] {
  const wanted = config['publish.via.partition.root']
  if (wanted === viaPartitionRoot || !tables.some(({ kind }) => kind !== 'table')) return []
  const name = quoteIdentifier(config['publication.name'])
  const [found, expected] = viaPartitionRoot ? ['the root', 'the partition'] : ['the partition', 'the root']
  const text =
    `The publication ${name} publishes changes of partitions as those of ${found}, expected ${expected} as in` +
    ` publish.via.partition.root=${wanted}, which has an effect only when the publication is created.`
  const statement = `ALTER PUBLICATION ${name} SET (publish_via_partition_root = ${wanted})`
  return [warning('publication-partition-root', text, runNow(statement))]
}

interface Restricted extends TableName {
  readonly rowFilter: string | null
  /** Null for all columns. */
  readonly columns: readonly string[] | null
}

const RESTRICTED = `
SELECT n.nspname AS schema, c.relname AS "table", pg_catalog.pg_get_expr(r.prqual, r.prrelid) AS row_filter,
       CASE WHEN r.prattrs IS NOT NULL THEN
         (SELECT json_agg(a.attname) FROM pg_catalog.pg_attribute a
           WHERE a.attrelid = c.oid AND a.attnum = ANY (r.prattrs::int2[])) END::text AS columns
  FROM pg_catalog.pg_publication_rel r
  JOIN pg_catalog.pg_publication p ON p.oid = r.prpubid
  JOIN pg_catalog.pg_class c ON c.oid = r.prrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE p.pubname = $1 AND (r.prqual IS NOT NULL OR r.prattrs IS NOT NULL)
 ORDER BY 1, 2`

async function readRestricted(query: Query, publication: string): Promise<readonly Restricted[]> {
  const rows = await query(RESTRICTED, [publication])
  return rows.map((row) => ({
    schema: row['schema'] ?? '',
    table: row['table'] ?? '',
    rowFilter: row['row_filter'] ?? null,
    columns: JSON.parse(row['columns'] ?? 'null') as string[] | null,
  }))
}

function lacksColumns({ tables, rules }: Inspection, restricted: Restricted): boolean {
  const { columns } = restricted
  const table = tables.find((captured) => tableText(captured) === tableText(restricted))
  if (columns === null || table === undefined) return false
  return table.columns.some(
    ({ name, generated }) => !generated && rules.capturesColumn(table, name) && !columns.includes(name),
  )
}

function restrictedFinding(
  { config, rules }: Inspection,
  id: string,
  problem: string,
  all: readonly Restricted[],
): readonly Finding[] {
  const tables = all.filter((table) => rules.capturesTable(table))
  if (tables.length === 0) return []
  const name = quoteIdentifier(config['publication.name'])
  const text = `The publication ${name} ${problem}: ${named(tables.map(tableText))}.`
  const statements = tables.flatMap((table) => [
    `ALTER PUBLICATION ${name} DROP TABLE ${quoteTable(table)}`,
    `ALTER PUBLICATION ${name} ADD TABLE ${quoteTable(table)}`,
  ])
  return [warning(id, text, runNow(...statements))]
}
