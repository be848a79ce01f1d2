import {
  ConnectError,
  makeSchema,
  OPTIONAL_STRING,
  STRING,
  withHeader,
  type Header,
  type Schema,
} from '../../api/index.ts'
import { basicsOf, isNull, type Fields } from '../structs.ts'
import type { Envelope } from './envelope.ts'

/** A field of an envelope that is to go along with the row. */
export interface FieldReference {
  /** Struct of the envelope that holds it; null for the envelope itself. */
  readonly parent: string | null
  readonly field: string
  readonly newName: string
}

/** Where a field is when only its own name is given: most are about the source. */
const parents: Readonly<Record<string, string | null>> = {
  op: null,
  ts_ms: null,
  ts_us: null,
  ts_ns: null,
  id: 'transaction',
  data_collection_order: 'transaction',
  total_order: 'transaction',
}

/**
 * Reads `op,source.lsn,db:database`: names, with the struct before a dot, and with a new name behind a colon.
 *
 * Throws `HR_ILLEGAL_ARGUMENT` on more than one colon. Source: FieldReference.
 */
export function parseFieldReferences(text: string, prefix: string): FieldReference[] {
  if (text === '') return []
  return text.split(',').map((part) => parseReference(part.trim(), prefix))
}

function parseReference(text: string, prefix: string): FieldReference {
  const [path = '', renamed, ...rest] = text.split(':')
  if (rest.length > 0) throw new ConnectError('HR_ILLEGAL_ARGUMENT', `Unexpected field name: ${text}`)
  const [first = '', second] = path.split('.')
  if (second === undefined) {
    const parent = Object.hasOwn(parents, first) ? (parents[first] ?? null) : 'source'
    return { parent, field: first, newName: prefix + (renamed ?? first) }
  }
  return { parent: first, field: second, newName: prefix + (renamed ?? `${first}_${second}`) }
}

/** The schema of a referred field, made optional; undefined where the envelope has no such field. */
export function schemaOfReference({ parent, field }: FieldReference, envelope: Schema): Schema | undefined {
  const holder = parent === null ? envelope : envelope.field(parent)?.schema
  const found = (holder?.type === 'struct' ? holder.field(field) : undefined) ?? envelope.field(field)
  if (found === undefined) return undefined
  const { type, keySchema, valueSchema, fields } = found.schema
  const parts = { keySchema, valueSchema, fields: fields.map(({ name, schema }) => [name, schema] as const) }
  return makeSchema({ ...basicsOf(found.schema), ...parts, type, optional: true })
}

export function valueOfReference({ parent, field }: FieldReference, { schema, value }: Envelope): unknown {
  const holder = parent === null ? value : (value[parent] as Readonly<Fields> | null | undefined)
  if (isNull(holder)) return null
  const holderSchema = parent === null ? schema : schema.field(parent)?.schema
  const own = holderSchema?.field(field) !== undefined
  return (own ? holder?.[field] : value[field]) ?? null
}

/** The headers with one for each referred field that there is. */
export function withReferredHeaders(
  headers: readonly Header[],
  references: readonly FieldReference[],
  envelope: Envelope,
): readonly Header[] {
  let result = headers
  for (const reference of references) {
    const schema = schemaOfReference(reference, envelope.schema)
    if (schema !== undefined) {
      result = withHeader(result, reference.newName, schema, valueOfReference(reference, envelope))
    }
  }
  return result
}

/** A tombstone tells nothing but that it is about a delete. */
export function withTombstoneHeaders(
  headers: readonly Header[],
  references: readonly FieldReference[],
): readonly Header[] {
  const operation = references.filter(({ field }) => field === 'op')
  return operation.reduce((all, { newName }) => withHeader(all, newName, STRING, 'd'), headers)
}

/** Schema of `__deleted`, which Debezium adds as a text. */
export const DELETED_SCHEMA = OPTIONAL_STRING
