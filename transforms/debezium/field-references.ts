import {
  ConnectError,
  makeSchema,
  OPTIONAL_STRING,
  STRING,
  withHeader,
  type Header,
  type Schema,
} from '../../api/index.ts'
import { colonParts, javaParts } from '../rules.ts'
import { basicsOf, invalid, type Fields } from '../structs.ts'

/** A field of the envelope to add to the row or to the headers. */
export interface FieldReference {
  /** The struct of the envelope that contains the field; null for the envelope itself. */
  readonly parent: string | null
  readonly field: string
  readonly newName: string
}

/** The parent of a field that is given without one; `source` for all others. */
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
 * Parses a list such as `op,source.lsn,db:database`. A dot separates the struct from the field, a colon the field from
 * its new name.
 *
 * Throws `HR_ILLEGAL_ARGUMENT` if a reference has several colons or no name. Source: FieldReference.
 */
export function parseFieldReferences(text: string, prefix: string): FieldReference[] {
  if (text === '') return []
  return javaParts(text, ',').map((part) => parseReference(part.trim(), prefix))
}

function parseReference(text: string, prefix: string): FieldReference {
  const [path = '', renamed, ...rest] = colonParts(text)
  if (rest.length > 0) throw new ConnectError('HR_ILLEGAL_ARGUMENT', `Unexpected field name: ${text}`)
  const [first, second] = javaParts(path, '.')
  if (first === undefined) throw new ConnectError('HR_ILLEGAL_ARGUMENT', `Unexpected field name: ${text}`)
  if (second === undefined) {
    const parent = Object.hasOwn(parents, first) ? (parents[first] ?? null) : 'source'
    return { parent, field: first, newName: prefix + (renamed ?? first) }
  }
  return { parent: first, field: second, newName: prefix + (renamed ?? `${first}_${second}`) }
}

/** A referenced field that exists in the envelopes of one schema. */
export interface ReferredField {
  readonly newName: string
  readonly schema: Schema
  /** Returns the value in an envelope, without applying the default; null if the containing struct is null. */
  read(envelope: Readonly<Fields>): unknown
}

/**
 * Returns the referenced fields that exist in the envelope schema. Their schemas are optional.
 *
 * Throws `HR_DATA_INVALID` if the parent of a field is not a struct. Differs: skips fields of a struct that the schema
 * does not have.
 */
export function referredFields(references: readonly FieldReference[], envelope: Schema): ReferredField[] {
  return references.flatMap((reference) => referredField(reference, envelope) ?? [])
}

function referredField(
  { parent, field, newName }: FieldReference,
  envelope: Schema,
): ReferredField | undefined {
  const holder = parent === null ? undefined : envelope.field(parent)?.schema
  if (holder !== undefined && holder.type !== 'struct')
    throw invalid('Cannot look up fields on non-struct type')
  const inHolder = holder?.field(field)
  const found = inHolder ?? envelope.field(field)
  if (found === undefined) return undefined
  const read = (value: Readonly<Fields>): unknown => {
    if (parent === null) return value[field] ?? null
    const struct = value[parent] as Readonly<Fields> | null | undefined
    if (struct === null || struct === undefined) return null
    return (inHolder === undefined ? value : struct)[field] ?? null
  }
  return { newName, schema: optionalOf(found.schema), read }
}

/** Differs: a struct keeps its fields. In Debezium it loses them, so the result is unusable. */
function optionalOf(schema: Schema): Schema {
  const { type, keySchema, valueSchema, fields } = schema
  const parts = {
    keySchema,
    valueSchema,
    fields: fields.map(({ name, schema: own }) => [name, own] as const),
  }
  return makeSchema({ ...basicsOf(schema), ...parts, type, optional: true })
}

/** Returns the headers with one more header for each field. */
export function withReferredHeaders(
  headers: readonly Header[],
  fields: readonly ReferredField[],
  envelope: Readonly<Fields>,
): readonly Header[] {
  return fields.reduce(
    (all, { newName, schema, read }) => withHeader(all, newName, schema, read(envelope)),
    headers,
  )
}

/** The only information available for a tombstone is its operation, a delete. */
export function withTombstoneHeaders(
  headers: readonly Header[],
  references: readonly FieldReference[],
): readonly Header[] {
  const operation = references.filter(({ field }) => field === 'op')
  return operation.reduce((all, { newName }) => withHeader(all, newName, STRING, 'd'), headers)
}

/** Schema of the `__deleted` field, a string in Debezium. */
export const DELETED_SCHEMA = OPTIONAL_STRING
