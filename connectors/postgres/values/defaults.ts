import type { PgType } from '../ports.ts'
import type { BaseReader } from './base-reader.ts'

const FUNCTION = /^\(?[A-Za-z0-9_.]+\((?:.+(?:, ?.+)*)?\)/
const LITERAL = /'(.*?)'/
const CURRENT: ReadonlySet<string> = new Set([
  'current_timestamp',
  'current_time',
  'current_date',
  'localtime',
  'localtimestamp',
])

/**
 * Returns the default of a schema for a default expression of the catalog, or undefined if there is none. Expressions
 * are not evaluated: a function has a fixed default by type, and of a quoted text only the part up to the next quote
 * counts, so that `'x''y'` is `x`.
 *
 * Source: PostgresDefaultValueConverter.
 */
export function defaultValue(expression: string | null, type: PgType, reader: BaseReader): unknown {
  if (expression === null || reader.parseDefault === undefined) return undefined
  const text =
    type.kind === 'enum' ? enumLiteral(expression, type) : literal(expression, reader.generatedDefault)
  return text === undefined ? undefined : reader.parseDefault(text)
}

function literal(expression: string, generated: string | undefined): string | undefined {
  if (FUNCTION.test(expression) || CURRENT.has(expression.toLowerCase())) return generated
  if (expression.includes("'")) return LITERAL.exec(expression)?.[1]
  return expression.startsWith('NULL::') ? undefined : expression
}

/** An enum's default must be a text with a cast to the enum. */
function enumLiteral(expression: string, type: PgType): string | undefined {
  const cast = expression.lastIndexOf('::')
  if (cast < 0 || !namesType(expression.slice(cast + 2), type)) return undefined
  const value = expression.slice(0, cast)
  return value.length >= 2 && value.startsWith("'") && value.endsWith("'") ? value.slice(1, -1) : undefined
}

function namesType(name: string, type: PgType): boolean {
  const parts = [...name.matchAll(/"((?:[^"]|"")*)"|([^".]+)/g)]
  const [last, schema] = parts.map(([, quoted, bare]) => quoted?.replaceAll('""', '"') ?? bare).toReversed()
  return last === type.name && (schema === undefined || schema === type.schema)
}
