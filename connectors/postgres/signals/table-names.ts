import { compileJavaRegex } from '../../../java/regex/index.ts'
import type { TableName } from '../ports.ts'

/** Returns `schema.table`, as Debezium prints a TableId. */
export const identifierOf = ({ schema, table }: TableName): string => `${schema}.${table}`

/** Returns a text that {@link parseTableName} understands, without quotes where possible. */
export function quotedIdentifier({ schema, table }: TableName): string {
  return `${quotedPart(schema)}.${quotedPart(table)}`
}

const quotedPart = (name: string): string => (/[."]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name)

/**
 * Parses `schema.table`, where each part may be in double quotes. The schema is `public` if there is none. Source:
 * TableId.parse.
 */
export function parseTableName(text: string): TableName {
  const parts: string[] = []
  let part = ''
  let inQuotes = false
  for (let index = 0; index < text.length; index++) {
    const char = text[index]
    if (char === '"') {
      if (inQuotes && text[index + 1] === '"') part += text[++index]
      else inQuotes = !inQuotes
    } else if (char === '.' && !inQuotes) {
      parts.push(part)
      part = ''
    } else part += char
  }
  parts.push(part)
  const table = parts.pop() ?? ''
  return { schema: parts.pop() ?? 'public', table }
}

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
    let matches = tables.filter((table) => regex.matches(identifierOf(table)))
    if (matches.length === 0) matches = [parseTableName(expression)]
    for (const table of matches) found.set(identifierOf(table), table)
  }
  return [...found.values()]
}

/** Returns the first condition whose expression matches a table, ignoring case; undefined if there is none. */
export function conditionOf(
  table: TableName,
  conditions: readonly { readonly dataCollection: string; readonly filter: string }[],
): string | undefined {
  const name = identifierOf(table)
  const match = conditions.find(({ dataCollection }) =>
    compileJavaRegex(`(?i)${dataCollection}`).matches(name),
  )
  return match === undefined || match.filter === '' ? undefined : match.filter
}
