import {
  changedRecord,
  makeSchema,
  version,
  type ConnectRecord,
  type Schema,
  type SchemaAndValue,
  type Transform,
} from '../../api/index.ts'
import { structBuilder } from '../../java/index.ts'
import { debeziumName } from '../catalog.ts'
import { perSchema } from '../field-transform.ts'
import { basicsOf, isNull, requireStruct, sameField, type Fields } from '../structs.ts'
import { fieldDropper } from './dropped-fields.ts'
import { envelopeOf, stateOf, stateSchema, type Envelope } from './envelope.ts'
import {
  DELETED_SCHEMA,
  parseFieldReferences,
  referredFields,
  withReferredHeaders,
  withTombstoneHeaders,
  type FieldReference,
} from './field-references.ts'
import { nullsAsDefaults } from './settings.ts'
import { typedField } from './typed-field.ts'
import { unwrapConfig, type DeleteHandling, type UnwrapConfig } from './unwrap-config.ts'

/**
 * Replaces a Debezium change event with the row it contains. Other records pass through unchanged.
 *
 * Source: io.debezium.transforms.ExtractNewRecordState.
 */
export const extractNewRecordState: Transform<typeof unwrapConfig> = {
  kind: 'transformation',
  name: debeziumName('transforms.ExtractNewRecordState'),
  version,
  config: unwrapConfig,
  create(given) {
    const config = nullsAsDefaults(unwrapConfig, given)
    const mode = config['delete.tombstone.handling.mode'].toLowerCase() as DeleteHandling
    const headers = parseFieldReferences(config['add.headers'], config['add.headers.prefix'])
    const unwrapped = unwrapper(config, mode, headers)
    let last: { readonly given: Headers; readonly all: Headers } | undefined
    return {
      apply: (record) => {
        if (isNull(record.value)) {
          if (mode !== 'rewrite-with-tombstone') return null
          // A delete shares its headers with its tombstone; Debezium adds to the shared ones
          const shared = last?.given === record.headers ? last.all : record.headers
          const all = withTombstoneHeaders(shared, headers)
          return all === record.headers ? record : changedRecord(record, { headers: all })
        }
        const envelope = envelopeOf(record)
        if (envelope === undefined) return record
        const result = unwrapped(record, envelope)
        const shares = result !== null && record.headers.length > 0
        last = shares ? { given: record.headers, all: result.headers } : undefined
        return result
      },
    }
  },
}

type Headers = ConnectRecord['headers']

function unwrapper(config: UnwrapConfig, mode: DeleteHandling, headers: readonly FieldReference[]) {
  const fields = parseFieldReferences(config['add.fields'], config['add.fields.prefix'])
  const headersOf = perSchema((schema: Schema) => referredFields(headers, schema))
  const rewrite = mode.startsWith('rewrite')
  const complete = completer(fields, rewrite, config['replace.null.with.default'])
  const drop = fieldDropper(config)
  const added = new Set(fields.map(({ newName }) => newName))
  const route = config['route.by.field']
  return <R extends ConnectRecord>(record: R, envelope: Envelope): R | null => {
    const { schema, value } = envelope
    const all = withReferredHeaders(record.headers, headersOf(schema), value)
    const deleted = stateOf(envelope, 'after').value === null
    if (deleted && stateOf(envelope, 'before').value === null) return null // a truncate
    if (deleted && mode === 'drop') return null
    const row = rewrite || !deleted ? complete(envelope, deleted) : emptied(schema, mode)
    const topic = route === '' ? null : topicOf(envelope, row.value, deleted, route)
    const changed = changedRecord(record, {
      topic: topic === null || topic.trim() === '' ? record.topic : topic,
      valueSchema: row.schema,
      value: row.value,
      headers: all,
    })
    // As in Debezium: for a delete, fields are dropped before others are added; otherwise after
    return drop === undefined ? changed : changedRecord(changed, drop(changed, deleted ? added : undefined))
  }
}

/** Returns the value of a deleted row: null, with or without the schema of the row. */
function emptied(envelope: Schema, mode: DeleteHandling): SchemaAndValue {
  return { schema: mode === 'tombstone' ? stateSchema(envelope, 'after') : null, value: null }
}

/** Routes a delete by the original row before the change, and other changes by the completed row. */
function topicOf(envelope: Envelope, row: unknown, deleted: boolean, field: string): string | null {
  const { schema, value } = stateOf(envelope, deleted ? 'before' : 'after')
  return typedField({ schema, value: (deleted ? value : row) as Fields }, field, 'string')
}

/** Returns a function that adds the fields to a row. Compiles each envelope schema once. */
function completer(references: readonly FieldReference[], rewrite: boolean, withDefaults: boolean) {
  const compile = (state: 'before' | 'after') =>
    perSchema((envelope: Schema) => compileRow(envelope, state, references, { rewrite, withDefaults }))
  const compiled = { before: compile('before'), after: compile('after') }
  return (envelope: Envelope, deleted: boolean): SchemaAndValue => {
    const state = deleted ? 'before' : 'after'
    const { schema, rowSchema, build, added } = compiled[state](envelope.schema)
    const row = requireStruct(rowSchema, envelope.value[state], 'source field insertion')
    const values = added.map(({ read }) => read(envelope.value))
    return { schema, value: build(row, rewrite ? [String(deleted), ...values] : values) }
  }
}

/** Only rewritten rows replace nulls with defaults, because Debezium uses InsertField for those. */
function compileRow(
  envelope: Schema,
  state: 'before' | 'after',
  references: readonly FieldReference[],
  { rewrite, withDefaults }: { readonly rewrite: boolean; readonly withDefaults: boolean },
) {
  const rowSchema = stateSchema(envelope, state)
  const added = referredFields(references, envelope)
  const more = [
    ...(rewrite ? [['__deleted', DELETED_SCHEMA] as const] : []),
    ...added.map(({ newName, schema }) => [newName, schema] as const),
  ]
  const fields = [...rowSchema.fields.map((field) => [field.name, field.schema] as const), ...more]
  // As in Debezium, the schema is rebuilt even if nothing is added, which makes the row required
  const schema = makeSchema({ ...basicsOf(rowSchema), type: 'struct', fields })
  const build = structBuilder([
    ...rowSchema.fields.map((field) => sameField(field, rewrite && withDefaults)),
    ...more.map(([name], place) => ({ name, from: place })),
  ])
  return { schema, rowSchema, build, added }
}
