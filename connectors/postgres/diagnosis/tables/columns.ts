import type { Finding } from '../../../../api/index.ts'
import { tableText } from '../../config/table-name.ts'
import { loadTypes } from '../../catalog/type-registry.ts'
import type { Table } from '../../ports.ts'
import { valueSettings } from '../../session/value-settings.ts'
import { typeReader } from '../../values/type-readers.ts'
import { quoteTable } from '../../connection/quoting.ts'
import { named, runNow } from '../texts.ts'
import { warning } from '../../../shared/finding.ts'
import type { Inspection } from '../inspection.ts'
import { isSignalTable } from './captured.ts'

/** Keys of events, and the columns that events lack. */
export async function columnFindings(inspection: Inspection): Promise<readonly Finding[]> {
  const { tables } = inspection
  const data = tables.filter((table) => !isSignalTable(inspection, table))
  return [
    ...keyFindings(inspection, data),
    ...similarNames(inspection, data),
    ...(await omittedColumns(inspection, data)),
  ]
}

function keyFindings({ keyOf, factsOf, streams }: Inspection, tables: readonly Table[]): readonly Finding[] {
  const found: Finding[] = []
  const keyless = tables.filter((table) => keyOf(table).length === 0)
  if (keyless.length > 0) {
    const text =
      'Tables have neither a primary key nor a unique index: the key of their events is null, so that events of a row can be in' +
      ` several partitions, and deletes have a tombstone without a key: ${named(keyless.map(tableText))}.`
    const remedy = 'Give each table a primary key, or name the columns of its key in message.key.columns.'
    found.push(warning('table-without-key', text, remedy))
  }
  const lacking = tables.filter((table) => {
    const { identityColumns } = factsOf(table)
    if (table.replicaIdentity === 'f' || identityColumns === undefined || !streams) return false
    return keyOf(table).some((column) => !identityColumns.includes(column))
  })
  if (lacking.length > 0) {
    const text =
      'The old row of updates and deletes does not contain all columns of the key of events, because the replica identity lacks' +
      ` them: the keys of deletes are incomplete in ${named(lacking.map(tableText))}.`
    const full = lacking.map((table) => `ALTER TABLE ${quoteTable(table)} REPLICA IDENTITY FULL`)
    found.push(warning('key-not-in-identity', text, runNow(...full)))
  }
  return found
}

/** Schema registries and sinks that ignore case cannot use both. Source: Debezium, which fails for them. */
function similarNames({ rules }: Inspection, tables: readonly Table[]): readonly Finding[] {
  const similar = tables.flatMap((table) => {
    const seen = new Map<string, string>()
    return table.columns.flatMap(({ name }) => {
      if (!rules.capturesColumn(table, name)) return []
      const other = seen.get(name.toLowerCase())
      seen.set(name.toLowerCase(), name)
      return other === undefined ? [] : [`${tableText(table)} (${other} and ${name})`]
    })
  })
  if (similar.length === 0) return []
  const text = `Columns of a table differ by case only, which sinks and SQL tools often take for one column: ${named(similar)}.`
  return [warning('similar-columns', text, 'Rename one of each, or exclude it with column.exclude.list.')]
}

async function omittedColumns(inspection: Inspection, tables: readonly Table[]): Promise<readonly Finding[]> {
  const { query, config, rules, context } = inspection
  const types = await loadTypes(query)
  const oids = new Set(tables.flatMap((table) => table.columns.map(({ typeOid }) => typeOid)))
  await types.add(query, types.missing([...oids]))
  const settings = valueSettings(config, rules, context.log)
  const omitted = tables.flatMap((table) =>
    table.columns.flatMap(({ name, typeOid, typmod, optional }) => {
      const type = types.get(typeOid)
      const isRead =
        type !== undefined &&
        typeReader(type, typmod, { settings, types, origin: 'snapshot', optional }) !== undefined
      if (isRead || !rules.capturesColumn(table, name)) return []
      return [`${tableText(table)}.${name} (${type?.name ?? `type ${typeOid}`})`]
    }),
  )
  if (omitted.length === 0) return []
  const text = `Columns are omitted from events, because their types are not supported: ${named(omitted)}.`
  const remedy = config['include.unknown.datatypes']
    ? 'Exclude them with column.exclude.list.'
    : 'Set include.unknown.datatypes=true to capture their text as bytes, or exclude them with column.exclude.list.'
  return [warning('column-omitted', text, remedy)]
}
