import type { TableName } from '../ports.ts'

/** A name as SQL and the replication protocol read it, in its own case. */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** The name of a table with its schema, each quoted. */
export function quoteTable({ schema, table }: TableName): string {
  return `${quoteIdentifier(schema)}.${quoteIdentifier(table)}`
}

/** A text as a literal. Connections use standard_conforming_strings, so a backslash has no meaning. */
export function quoteLiteral(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
