import {
  ConnectError,
  defineConfig,
  invalidValue,
  isConnectError,
  makeSchema,
  messageOf,
  oneOf,
  simpleDateFormat,
  structBuilder,
  withAttributes,
  type DateFormat,
  type Schema,
} from '../../api/index.ts'
import { perSchema, type FieldTransform } from '../field-transform.ts'
import {
  basicsOf,
  copyOfMap,
  entryOf,
  fieldsOf,
  isNull,
  refusal,
  replaceNullWithDefault,
  requireMap,
  requireStruct,
  setEntry,
  type Fields,
} from '../structs.ts'
import {
  converterOf,
  schemaOfTimestamp,
  timestampTypeOf,
  timestampTypes,
  unixPrecisions,
  type TimestampFormat,
  type TimestampType,
  type UnixPrecision,
} from './timestamp-types.ts'

const PURPOSE = 'converting timestamp formats'

const config = defineConfig({
  'field': {
    type: 'string',
    default: '',
    importance: 'high',
    doc: 'Field with the timestamp; empty when the whole value is one.',
  },
  'target.type': {
    type: 'string',
    validate: oneOf(...timestampTypes),
    importance: 'high',
    doc: 'What it becomes: a string, a unix number, or a Date, Time or Timestamp of Connect.',
  },
  'format': {
    type: 'string',
    default: '',
    importance: 'medium',
    doc: 'Pattern of java.text.SimpleDateFormat, in UTC, for strings that are read or written.',
  },
  'unix.precision': {
    type: 'string',
    default: 'milliseconds',
    validate: oneOf(...unixPrecisions),
    importance: 'low',
    doc: 'Unit of unix numbers that are read or written, counted since 1970.',
  },
  'replace.null.with.default': replaceNullWithDefault,
})

/** Converts timestamps from one form into another. Source: TimestampConverter. */
export const timestampConverter: FieldTransform<typeof config> = {
  name: 'TimestampConverter',
  config,
  create({ field, 'target.type': type, format, 'unix.precision': precision, ...own }) {
    const target = type as TimestampType
    const forms: TimestampFormat = {
      format: formatOf(target, format),
      precision: precision as UnixPrecision,
    }
    const convert = converterOf(target, forms)
    const withDefaults = own['replace.null.with.default']
    const compiled = perSchema((schema) => compile(schema, { field, target, convert, withDefaults }))
    const wholeType = perSchema((schema) => ({
      type: timestampTypeOf(schema),
      schema: schemaOfTimestamp(target, schema.optional),
    }))
    return (schema, value) => {
      if (schema === null) {
        if (isNull(value) || field === '') return { schema, value: convert(value) }
        const map = requireMap(value, PURPOSE)
        const result = copyOfMap(map)
        setEntry(result, field, convert(entryOf(map, field)))
        return { schema, value: result }
      }
      if (field === '') {
        const { type: source, schema: changed } = wholeType(schema)
        return { schema: changed, value: convert(value, source) }
      }
      const struct = isNull(value) ? null : requireStruct(schema, value, PURPOSE)
      const { schema: changed, project } = compiled(schema)
      return { schema: changed, value: struct === null ? null : project(struct) }
    }
  },
}

function formatOf(target: TimestampType, pattern: string): DateFormat | undefined {
  if (pattern.trim() === '') {
    if (target !== 'string') return undefined
    throw new ConnectError(
      'HR_CONFIG_INVALID',
      'TimestampConverter requires format option to be specified when using string timestamps',
      { configKey: 'format' },
    )
  }
  try {
    return simpleDateFormat(pattern)
  } catch (cause) {
    if (!isConnectError(cause)) throw cause
    const name = `TimestampConverter requires a SimpleDateFormat-compatible pattern for string timestamps: ${pattern}`
    const message = invalidValue(name, `${cause.javaClass}: ${messageOf(cause)}`)
    throw new ConnectError('HR_CONFIG_INVALID', message, { configKey: 'format', cause })
  }
}

interface FieldConversion {
  readonly field: string
  readonly target: TimestampType
  readonly convert: (value: unknown, source?: TimestampType) => unknown
  readonly withDefaults: boolean
}

function compile(schema: Schema, { field, target, convert, withDefaults }: FieldConversion) {
  const fields = fieldsOf(schema).map(({ name, schema: from }) => {
    const to = name === field ? schemaOfTimestamp(target, from.optional) : from
    return { name, from, to }
  })
  const project = structBuilder(
    fields.map(({ name, from, to }) => ({
      name,
      from: name,
      fallback: withDefaults ? from.defaultValue : null,
      // A type that is no timestamp's is only an error where there is a record to convert
      change: name === field ? (value) => convert(value, timestampTypeOf(from)) : undefined,
      onNull: refusal(name, to),
    })),
  )
  const bare = makeSchema({
    ...basicsOf(schema),
    type: 'struct',
    optional: schema.optional,
    fields: fields.map(({ name, to }) => [name, to] as const),
  })
  if (schema.defaultValue === null) return { schema: bare, project }
  return { schema: withAttributes(bare, { defaultValue: project(schema.defaultValue as Fields) }), project }
}
