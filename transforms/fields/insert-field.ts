import {
  ConnectError,
  defineConfig,
  INT32,
  INT64,
  invalidValue,
  makeSchema,
  OPTIONAL_INT32,
  OPTIONAL_INT64,
  OPTIONAL_STRING,
  STRING,
  timestampSchema,
  type ConnectRecord,
  type Infer,
  type Schema,
  type SinkRecord,
} from '../../api/index.ts'
import { mapBuilder, structBuilder, type FieldPlan } from '../../java/index.ts'
import { perSchema, type FieldTransform } from '../field-transform.ts'
import {
  basicsOf,
  copyOfMap,
  fieldsOf,
  isTextKeyed,
  nullInRequired,
  replaceNullWithDefault,
  requireMap,
  requireStruct,
  sameField,
  setEntry,
} from '../structs.ts'

const PURPOSE = 'field insertion'
const suffixes = 'Append ! to make the field required, or ? to make it optional (the default).'

const field = (what: string) =>
  ({
    type: 'string',
    default: null,
    importance: 'medium',
    doc: `Field name for ${what}. ${suffixes}`,
  }) as const

const config = defineConfig({
  'topic.field': field('the topic'),
  'partition.field': field('the Kafka partition'),
  'offset.field': field('the Kafka offset (sink connectors only)'),
  'timestamp.field': field('the record timestamp'),
  'static.field': field('a static value'),
  'static.value': { type: 'string', default: null, importance: 'medium', doc: 'Value of static.field.' },
  'replace.null.with.default': replaceNullWithDefault,
})

type Config = Infer<typeof config>

/** A field to insert. */
interface Insertion {
  readonly name: string
  readonly schema: Schema
  /** Returns undefined if the record has no such attribute; the field is then omitted. */
  readonly valueOf: (record: ConnectRecord, withSchema: boolean) => unknown
}

/** Inserts fields with attributes of the record or with a static value. Source: InsertField. */
export const insertField: FieldTransform<typeof config> = {
  name: 'InsertField',
  config,
  create(own) {
    const insertions = insertionsOf(own)
    const names = insertions.map(({ name }) => name)
    const inserted = names.map((name, index): FieldPlan => ({ name, from: index }))
    const values: unknown[] = names.map(() => undefined)
    /** Returns an array that is valid until the next call. */
    const valuesOf = (record: ConnectRecord, withSchema: boolean) => {
      for (let index = 0; index < insertions.length; index++) {
        values[index] = valueFor(insertions[index]!, record, withSchema)
      }
      return values
    }
    const schemaless = mapBuilder((keys) => [
      ...keys.filter((name) => !names.includes(name)).map((name) => ({ name, from: name })),
      ...inserted,
    ])
    const compiled = perSchema((schema) => ({
      build: structBuilder([
        ...fieldsOf(schema).map((known) => sameField(known, own['replace.null.with.default'])),
        ...inserted,
      ]),
      schema: makeSchema({
        ...basicsOf(schema),
        type: 'struct',
        fields: [
          ...schema.fields.map((known) => [known.name, known.schema] as const),
          ...insertions.map(({ name, schema: type }) => [name, type] as const),
        ],
      }),
    }))
    return (schema, value, record) => {
      if (value === null || value === undefined) return undefined
      if (schema === null) {
        const map = requireMap(value, PURPOSE)
        valuesOf(record, false)
        if (isTextKeyed(map) && !values.includes(undefined)) {
          return { schema, value: schemaless(map, values) }
        }
        const copy = copyOfMap(map)
        for (const [index, name] of names.entries()) {
          if (values[index] !== undefined) setEntry(copy, name, values[index])
        }
        return { schema, value: copy }
      }
      const struct = requireStruct(schema, value, PURPOSE)
      const { build, schema: changed } = compiled(schema)
      return { schema: changed, value: build(struct, valuesOf(record, true)) }
    }
  },
}

function insertionsOf(own: Config): Insertion[] {
  const optionalTimestamp = timestampSchema({ optional: true })
  const insertions = [
    insertion(own['topic.field'], STRING, OPTIONAL_STRING, (record) => record.topic),
    insertion(own['partition.field'], INT32, OPTIONAL_INT32, (record) => record.partition ?? undefined),
    insertion(own['offset.field'], INT64, OPTIONAL_INT64, sinkOffset),
    insertion(own['timestamp.field'], timestampSchema(), optionalTimestamp, timestampOf),
    insertion(own['static.field'], STRING, OPTIONAL_STRING, () => own['static.value']),
  ].filter((item) => item !== undefined)
  if (insertions.length === 0) throw new ConnectError('HR_CONFIG_INVALID', 'No field insertion configured')
  if (own['static.field'] !== null && own['static.value'] === null) {
    const reason = `No value specified for static field: ${own['static.field']}`
    const configKey = 'static.value'
    throw new ConnectError('HR_CONFIG_INVALID', invalidValue(configKey, null, reason), { configKey })
  }
  return insertions
}

function insertion(
  spec: string | null,
  required: Schema,
  optional: Schema,
  valueOf: Insertion['valueOf'],
): Insertion | undefined {
  if (spec === null) return undefined
  if (spec.endsWith('?')) return { name: spec.slice(0, -1), schema: optional, valueOf }
  if (spec.endsWith('!')) return { name: spec.slice(0, -1), schema: required, valueOf }
  return { name: spec, schema: optional, valueOf }
}

/** Throws `HR_DATA_INVALID` when a record has no topic and the field for it is required. */
function valueFor({ name, schema, valueOf }: Insertion, record: ConnectRecord, withSchema: boolean): unknown {
  const value = valueOf(record, withSchema)
  if (value === null && withSchema && !schema.optional) throw nullInRequired(name, schema)
  return value
}

function sinkOffset(record: ConnectRecord): number {
  const { offset } = record as Partial<SinkRecord>
  if (offset !== undefined) return offset
  const found = 'org.apache.kafka.connect.source.SourceRecord'
  throw new ConnectError('HR_DATA_INVALID', `Only SinkRecord supported for [${PURPOSE}], found: ${found}`)
}

function timestampOf({ timestamp }: ConnectRecord, withSchema: boolean): unknown {
  if (timestamp === null) return undefined
  return withSchema ? new Date(timestamp) : timestamp
}
