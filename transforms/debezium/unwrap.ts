import {
  ConnectError,
  changedRecord,
  makeSchema,
  structBuilder,
  version,
  type ConnectRecord,
  type Schema,
  type SchemaAndValue,
  type Transform,
} from '../../api/index.ts'
import { debeziumName } from '../catalog.ts'
import { perSchema } from '../field-transform.ts'
import { basicsOf, fieldValue, isNull, requireStruct, sameField, setField, type Fields } from '../structs.ts'
import { envelopeOf, type Envelope } from './envelope.ts'
import {
  DELETED_SCHEMA,
  parseFieldReferences,
  schemaOfReference,
  valueOfReference,
  withReferredHeaders,
  withTombstoneHeaders,
  type FieldReference,
} from './field-references.ts'
import { unwrapConfig, type DeleteHandling, type UnwrapConfig } from './unwrap-config.ts'

/**
 * Puts the row itself in place of Debezium's change event. Other records pass as they are.
 *
 * Source: io.debezium.transforms.ExtractNewRecordState.
 */
export const extractNewRecordState: Transform<typeof unwrapConfig> = {
  kind: 'transformation',
  name: debeziumName('ExtractNewRecordState'),
  version,
  config: unwrapConfig,
  create(config) {
    const fields = parseFieldReferences(config['add.fields'], config['add.fields.prefix'])
    const headers = parseFieldReferences(config['add.headers'], config['add.headers.prefix'])
    const mode = config['delete.tombstone.handling.mode'].toLowerCase() as DeleteHandling
    const withDefaults = config['replace.null.with.default']
    const complete = completer(fields, mode.startsWith('rewrite'), withDefaults)
    const drop = fieldDropper(config)
    const route = config['route.by.field']
    const unwrapped = <R extends ConnectRecord>(record: R, envelope: Envelope): R | null => {
      const { schema, value } = envelope
      const deleted = isNull(value['after'])
      if (deleted && isNull(value['before'])) return null // a truncate
      if (deleted && mode === 'drop') return null
      const rewritten = deleted && mode.startsWith('rewrite')
      const row = rewritten || !deleted ? complete(envelope, deleted) : emptied(schema, mode)
      const topic = route === '' ? null : topicOf(envelope, deleted ? 'before' : 'after', route)
      const all = withReferredHeaders(record.headers, headers, envelope)
      const changed = changedRecord(record, { valueSchema: row.schema, value: row.value, headers: all })
      return drop(topic === null || topic.trim() === '' ? changed : changedRecord(changed, { topic }))
    }
    return {
      apply: (record) => {
        if (isNull(record.value)) {
          if (mode !== 'rewrite-with-tombstone') return null
          return changedRecord(record, { headers: withTombstoneHeaders(record.headers, headers) })
        }
        const envelope = envelopeOf(record)
        return envelope === undefined ? record : unwrapped(record, envelope)
      },
    }
  },
}

/** What is left of a delete: a tombstone that still tells its schema, or one without. */
function emptied(envelope: Schema, mode: DeleteHandling): SchemaAndValue {
  return { schema: mode === 'tombstone' ? (envelope.field('after')?.schema ?? null) : null, value: null }
}

function topicOf({ schema, value }: Envelope, state: 'before' | 'after', field: string): string | null {
  const rowSchema = schema.field(state)?.schema
  const found = rowSchema?.field(field)
  if (found === undefined) {
    throw new ConnectError('HR_DATA_INVALID', `${field} is not a valid field name`)
  }
  if (found.schema.type !== 'string') {
    throw new ConnectError('HR_DATA_INVALID', `Field '${field}' is not of type STRING`)
  }
  return ((value[state] as Fields)[field] as string | null | undefined) ?? null
}

/** Makes rows with their added fields; the schema once for each schema of envelopes. */
function completer(references: readonly FieldReference[], rewrite: boolean, withDefaults: boolean) {
  const compile = (state: 'before' | 'after') =>
    perSchema((envelope: Schema) => compileRow(envelope, state, references, { rewrite, withDefaults }))
  const compiled = { before: compile('before'), after: compile('after') }
  return (envelope: Envelope, deleted: boolean): SchemaAndValue => {
    const state = deleted ? 'before' : 'after'
    const { schema, rowSchema, build, added } = compiled[state](envelope.schema)
    const row = requireStruct(rowSchema, envelope.value[state], 'source field insertion')
    const values = added.map((reference) => valueOfReference(reference, envelope))
    return { schema, value: build(row, rewrite ? [String(deleted), ...values] : values) }
  }
}

function compileRow(
  envelope: Schema,
  state: 'before' | 'after',
  references: readonly FieldReference[],
  { rewrite, withDefaults }: { readonly rewrite: boolean; readonly withDefaults: boolean },
) {
  const rowSchema = envelope.field(state)?.schema
  if (rowSchema === undefined) throw new ConnectError('HR_ILLEGAL_ARGUMENT', `Unknown field: ${state}`)
  const added = references.filter((reference) => schemaOfReference(reference, envelope) !== undefined)
  const more = [
    ...(rewrite ? [['__deleted', DELETED_SCHEMA] as const] : []),
    ...added.map((reference) => {
      return [reference.newName, schemaOfReference(reference, envelope) as Schema] as const
    }),
  ]
  const fields = [...rowSchema.fields.map((field) => [field.name, field.schema] as const), ...more]
  // As in Debezium the schema is made anew even where nothing is added, and the row is required then
  const schema = makeSchema({ ...basicsOf(rowSchema), type: 'struct', fields })
  const build = structBuilder([
    ...rowSchema.fields.map((field) => sameField(field, withDefaults)),
    ...more.map(([name], place) => ({ name, from: place })),
  ])
  return { schema, rowSchema, build, added }
}

/** Drops the fields that a header of the record lists. */
function fieldDropper(config: UnwrapConfig): <R extends ConnectRecord>(record: R) => R {
  const name = config['drop.fields.header.name']
  if (name === null || name === '') return (record) => record
  const optionalOnly = config['drop.fields.keep.schema.compatible']
  const withDefaults = config['replace.null.with.default']
  return (record) => {
    const listed = record.headers.find((header) => header.key === name)?.value
    if (!Array.isArray(listed) || listed.length === 0) return record
    const dropped = new Set(listed.map(String))
    const without = (schema: Schema | null, value: unknown) =>
      withoutFields({ schema, value }, dropped, optionalOnly, withDefaults)
    const { schema: valueSchema, value } = without(record.valueSchema, record.value)
    if (!config['drop.fields.from.key']) return changedRecord(record, { valueSchema, value })
    const { schema: keySchema, value: key } = without(record.keySchema, record.key)
    return changedRecord(record, { valueSchema, value, keySchema, key })
  }
}

function withoutFields(
  { schema, value }: SchemaAndValue,
  dropped: ReadonlySet<string>,
  optionalOnly: boolean,
  withDefaults: boolean,
): SchemaAndValue {
  if (schema?.type !== 'struct' || isNull(value)) return { schema, value }
  const kept = schema.fields.filter((field) => {
    return !dropped.has(field.name) || (optionalOnly && !field.schema.optional)
  })
  if (kept.length === schema.fields.length) return { schema, value }
  const struct = requireStruct(schema, value, 'dropping fields')
  const left: Fields = {}
  for (const field of kept) {
    setField(left, field.name, fieldValue(struct, field.name, field.schema, withDefaults))
  }
  const fields = kept.map((field) => [field.name, field.schema] as const)
  return { schema: makeSchema({ ...basicsOf(schema), type: 'struct', fields }), value: left }
}
