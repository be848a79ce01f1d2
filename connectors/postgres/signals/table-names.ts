import { compileJavaRegex } from '../../../java/index.ts'
import { parseTableName, tableText } from '../config/table-name.ts'
import type { TableName } from '../ports.ts'

/** Returns a text that `parseTableName` understands, without quotes where possible. */
export function quotedIdentifier({ schema, table }: TableName): string {
  return `${quotedPart(schema)}.${quotedPart(table)}`
}

const quotedPart = (name: string): string => (/[."]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name)

/**
 * Returns the tables that match any of the regular expressions, which must match the entire `schema.table`. An expression
 * that matches none is taken as the name of a table. Throws `HR_ILLEGAL_ARGUMENT` if an expression is invalid.
 *
 * Source: AbstractIncrementalSnapshotChangeEventSource.expandAndDedupeDataCollectionIds.
 */
export function expandTables(expressions: readonly string[], tables: readonly TableName[]): TableName[] {
  const found = new Map<string, TableName>()
  for (const expression of expressions) {
    const regex = compileJavaRegex(expression)
    let matches = tables.filter((table) => regex.matches(tableText(table)))
    if (matches.length === 0)
      matches = [parseTableName(expression) ?? { schema: 'public', table: expression }]
    for (const table of matches) found.set(tableText(table), table)
  }
  return [...found.values()]
}

/** Returns the first condition whose expression matches a table, ignoring case; undefined if there is none. */
export function conditionOf(
  table: TableName,
  conditions: readonly { readonly dataCollection: string; readonly filter: string }[],
): string | undefined {
  const name = tableText(table)
  const match = conditions.find(({ dataCollection }) =>
    compileJavaRegex(`(?i)${dataCollection}`).matches(name),
  )
  return match === undefined || match.filter === '' ? undefined : match.filter
}
