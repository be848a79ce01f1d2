import type { Finding } from '../../../../api/index.ts'
import { tableLimitFault } from '../../config/capture-rules.ts'
import { tableText } from '../../config/table-name.ts'
import { quoteIdentifier, quoteTable } from '../../connection/quoting.ts'
import type { Table } from '../../ports.ts'
import { error, warning } from '../../../shared/finding.ts'
import { named, run, runNow } from '../texts.ts'
import type { Inspection } from '../inspection.ts'

/** Which tables are captured, and which of them cannot be. */
export async function capturedFindings(inspection: Inspection): Promise<readonly Finding[]> {
  const { config, tables, rules, factsOf } = inspection
  const found: Finding[] = []
  if (!tables.some((table) => !isSignalTable(inspection, table))) {
    const text = 'No table of the database matches the filters.'
    const remedy =
      'Check table.include.list, schema.include.list and the exclude lists: their regular expressions match the whole of' +
      ' schema.table. Tables that are created later are captured if they match.'
    found.push(warning('no-tables', text, remedy))
  }
  const limit = tableLimitFault(config, tables.length)
  if (limit !== undefined) {
    const fails = config['guardrail.collections.limit.action'] === 'fail'
    found.push((fails ? error : warning)('too-many-tables', `${limit}.`, 'Restrict table.include.list.'))
  }
  const unlogged = tables.filter((table) => factsOf(table).persistence !== 'p')
  if (unlogged.length > 0) {
    const text = `Changes of unlogged tables are not in the WAL; only snapshots contain them: ${named(unlogged.map(tableText))}.`
    const statements = unlogged.map((table) => `ALTER TABLE ${quoteTable(table)} SET LOGGED`)
    found.push(warning('unlogged-table', text, runNow(...statements)))
  }
  const { signalTable } = rules
  if (signalTable !== undefined && !tables.some((table) => isSignalTable(inspection, table))) {
    const name = tableText(signalTable)
    const text = `The table ${name} of signal.data.collection does not exist: no signals are received from it.`
    const columns = 'id varchar(42) PRIMARY KEY, type varchar(32) NOT NULL, data varchar(2048)'
    found.push(
      warning('signal-table-missing', text, runNow(`CREATE TABLE ${quoteTable(signalTable)} (${columns})`)),
    )
  }
  return [...found, ...(await otherRelations(inspection))]
}

export function isSignalTable({ rules }: Inspection, table: Table): boolean {
  return rules.signalTable !== undefined && tableText(rules.signalTable) === tableText(table)
}

const OTHERS = `
SELECT n.nspname AS schema, c.relname AS "table",
       CASE WHEN c.relpersistence = 't' THEN 'temporary table' WHEN c.relkind = 'f' THEN 'foreign table'
            WHEN c.relkind = 'm' THEN 'materialized view' ELSE 'view' END AS kind
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE (c.relkind IN ('f', 'm', 'v') OR (c.relkind IN ('r', 'p') AND c.relpersistence = 't'))
   AND n.nspname NOT IN ('pg_catalog', 'information_schema')
 ORDER BY 1, 2`

/** What matches the filters and can never be captured. Without an include list, nobody expects it to be. */
async function otherRelations({ query, config, rules }: Inspection): Promise<readonly Finding[]> {
  if ((config['table.include.list'] ?? '') === '') return []
  const matching = (await query(OTHERS)).filter((row) =>
    rules.capturesTable({ schema: row['schema'] ?? '', table: row['table'] ?? '' }),
  )
  if (matching.length === 0) return []
  const names = matching.map((row) => `${row['schema']}.${row['table']} (${row['kind']})`)
  const text = `table.include.list matches relations whose changes are not in the WAL; they are not captured: ${named(names)}.`
  return [warning('not-a-table', text, 'Capture the tables that they read from, or exclude them.')]
}

/** Whether a snapshot can read the captured tables. */
export function privilegeFindings(inspection: Inspection): readonly Finding[] {
  const { config, tables, factsOf, role } = inspection
  const name = quoteIdentifier(role.name)
  // a stream reads no tables
  const severity = config['snapshot.mode'] === 'no_data' ? warning : error
  const found: Finding[] = []
  const hidden = tables.filter((table) => !factsOf(table).schemaUsage)
  const schemas = [...new Set(hidden.map(({ schema }) => schema))]
  if (schemas.length > 0) {
    const text = `The role ${name} may not use the schemas of captured tables, so that no snapshot can read them: ${named(schemas)}.`
    const grants = schemas.map((schema) => `GRANT USAGE ON SCHEMA ${quoteIdentifier(schema)} TO ${name}`)
    found.push(severity('schema-usage', text, runNow(...grants)))
  }
  const unreadable = tables.filter((table) => !isReadable(inspection, table))
  if (unreadable.length > 0) {
    const text = `The role ${name} may not read captured tables, so that no snapshot can: ${named(unreadable.map(tableText))}.`
    const grants = unreadable.map((table) => `GRANT SELECT ON ${quoteTable(table)} TO ${name}`)
    found.push(severity('table-select', text, runNow(...grants)))
  }
  const filtered = tables.filter((table) => factsOf(table).hidesRows)
  if (filtered.length > 0) {
    const text =
      `Row security policies hide rows of captured tables from the role ${name}; snapshots do not contain them, but the stream does:` +
      ` ${named(filtered.map(tableText))}.`
    const remedy = `As a superuser, ${run(`ALTER ROLE ${name} BYPASSRLS`)}`
    found.push(warning('row-security', text, remedy))
  }
  return found
}

function isReadable({ rules, factsOf, keyOf }: Inspection, table: Table): boolean {
  const { readable } = factsOf(table)
  if (readable === undefined) return true
  const keys = new Set(keyOf(table))
  return (
    readable.size > 0 &&
    table.columns.every(
      (column) =>
        readable.has(column.number) || !(keys.has(column.name) || rules.capturesColumn(table, column.name)),
    )
  )
}
