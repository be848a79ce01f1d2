import {
  ConnectError,
  defineConfig,
  invalidValue,
  isConnectError,
  makeSchema,
  messageOf,
  oneOf,
  withAttributes,
  type Schema,
} from '../../api/index.ts'
import { simpleDateFormat, structBuilder, type DateFormat } from '../../java/index.ts'
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
    doc: 'Field that contains the timestamp. Empty if the whole value is a timestamp.',
  },
  'target.type': {
    type: 'string',
    validate: oneOf(...timestampTypes),
    importance: 'high',
    doc: 'Target representation: string, unix (an int64), or the Connect logical type Date, Time or Timestamp.',
  },
  'format': {
    type: 'string',
    default: '',
    importance: 'medium',
    examples: ['yyyy-MM-dd', "yyyy-MM-dd'T'HH:mm:ss.SSSXXX"],
    doc: 'java.text.SimpleDateFormat pattern, in UTC, used to parse or format string timestamps.',
  },
  'unix.precision': {
    type: 'string',
    default: 'milliseconds',
    validate: oneOf(...unixPrecisions),
    importance: 'low',
    doc: 'Unit of Unix timestamps, both as input and as output.',
  },
  'replace.null.with.default': replaceNullWithDefault,
})

/** Converts timestamps between strings, Unix time and Connect logical types. Source: TimestampConverter. */
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
      // Resolved per value: an unsupported field type is an error only if there is a value to convert
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
