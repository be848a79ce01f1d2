import type { TableName } from '../ports.ts'

/** Quotes an identifier. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** The quoted name of a table, with its schema. */
export function quotedTable({ schema, table }: TableName): string {
  return `${quoted(schema)}.${quoted(table)}`
}

/** The name of a table in messages, notifications and settings. */
export function tableText({ schema, table }: TableName): string {
  return `${schema}.${table}`
}

/** A text literal. `standard_conforming_strings` is on. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

/** Whether a boolean is true, cast to text or not. */
export function isTrue(value: string | null | undefined): boolean {
  return value === 't' || value === 'true'
}
