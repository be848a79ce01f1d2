import { defineConfig, oneOf, oneOfIgnoringCase, type Infer } from '../../api/index.ts'

const schemas = { group: 'Schemas' } as const
const serialization = { group: 'Serialization', importance: 'low' } as const

/** Source: JsonConverterConfig. */
export const jsonConverterConfig = defineConfig({
  'converter.type': {
    type: 'string',
    validate: oneOf('key', 'value', 'header'),
    importance: 'low',
    doc: 'Role of the converter: key, value or header. Set by the worker.',
  },
  'schemas.enable': {
    ...schemas,
    type: 'boolean',
    default: true,
    importance: 'high',
    order: 0,
    width: 'medium',
    displayName: 'Enable Schemas',
    doc: 'Whether each message includes its schema in addition to the payload.',
  },
  'schemas.cache.size': {
    ...schemas,
    type: 'int',
    default: 1000,
    importance: 'high',
    order: 1,
    width: 'medium',
    displayName: 'Schema Cache Size',
    doc: 'Maximum number of cached schemas, per direction.',
  },
  'schema.content': {
    ...schemas,
    type: 'string',
    default: null,
    importance: 'high',
    order: 2,
    width: 'medium',
    displayName: 'Schema Content',
    doc: 'Schema of all messages of a sink, as JSON, for messages that do not include a schema. Used only with schemas.enable.',
  },
  'decimal.format': {
    ...serialization,
    type: 'string',
    default: 'BASE64',
    validate: oneOfIgnoringCase('NUMERIC', 'BASE64'),
    order: 0,
    width: 'medium',
    displayName: 'Decimal Format',
    doc: 'Format of serialized decimals: BASE64 (base64-encoded bytes) or NUMERIC (JSON numbers).',
  },
  'replace.null.with.default': {
    ...serialization,
    type: 'boolean',
    default: true,
    order: 1,
    width: 'medium',
    displayName: 'Replace null with default',
    doc: 'Whether to replace a null field value with the default value of the field, if it has one.',
  },
})

export type JsonConverterConfig = Infer<typeof jsonConverterConfig>
