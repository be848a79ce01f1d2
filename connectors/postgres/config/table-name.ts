import type { TableName } from '../ports.ts'

const PART = /\s*(?:(["'`])((?:(?!\1)[^]|\1\1)*)\1|([^.]*))\s*(?:\.|$)/y

/**
 * Parses `schema.table`, whose parts may be quoted. A database name before the schema is ignored. Returns undefined if there
 * is no schema. Source: TableId.parse.
 */
export function parseTableName(text: string): TableName | undefined {
  const parts: string[] = []
  PART.lastIndex = 0
  while (PART.lastIndex < text.length) {
    const part = PART.exec(text)
    if (part === null) return undefined
    const [, quote = '', quoted, bare = ''] = part
    parts.push(quoted === undefined ? bare.trim() : quoted.replaceAll(quote + quote, quote))
  }
  const [table, schema] = parts.toReversed()
  return table === undefined || schema === undefined || table === '' || schema === ''
    ? undefined
    : { schema, table }
}

/** `schema.table`, as the regular expressions of settings see it. Source: TableId.toString. */
export function tableText({ schema, table }: TableName): string {
  return `${schema}.${table}`
}
