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
 * Throws `HR_ILLEGAL_ARGUMENT` on more than one colon, and on nothing but dots. Source: FieldReference.
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

/** A field that envelopes of one schema have, to be added under a name. */
export interface ReferredField {
  readonly newName: string
  readonly schema: Schema
  /** Its value in an envelope, without the default; null where the struct that holds it is null. */
  read(envelope: Readonly<Fields>): unknown
}

/**
 * Those of the fields that envelopes of the schema have, their schemas made optional.
 *
 * Throws `HR_DATA_INVALID` where one is to be within what is no struct. Differs: one within a struct that is not
 * there is left out.
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

/** Differs: a struct keeps its fields, without which Debezium's result is refused where it is used. */
function optionalOf(schema: Schema): Schema {
  const { type, keySchema, valueSchema, fields } = schema
  const parts = {
    keySchema,
    valueSchema,
    fields: fields.map(({ name, schema: own }) => [name, own] as const),
  }
  return makeSchema({ ...basicsOf(schema), ...parts, type, optional: true })
}

/** The headers with one for each of the fields. */
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
