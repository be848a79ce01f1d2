import { defineConfig, oneOf, oneOfIgnoringCase, type Infer } from '../../api/index.ts'

const schemas = { group: 'Schemas' } as const
const serialization = { group: 'Serialization', importance: 'low' } as const

/** Source: JsonConverterConfig. */
export const jsonConverterConfig = defineConfig({
  'converter.type': {
    type: 'string',
    validate: oneOf('key', 'value', 'header'),
    importance: 'low',
    doc: 'What the converter serves for: key, value or header. Set by the worker.',
  },
  'schemas.enable': {
    ...schemas,
    type: 'boolean',
    default: true,
    importance: 'high',
    order: 0,
    width: 'medium',
    displayName: 'Enable Schemas',
    doc: 'Whether each message carries its schema beside its payload.',
  },
  'schemas.cache.size': {
    ...schemas,
    type: 'int',
    default: 1000,
    importance: 'high',
    order: 1,
    width: 'medium',
    displayName: 'Schema Cache Size',
    doc: 'Most schemas that are kept, each way.',
  },
  'schema.content': {
    ...schemas,
    type: 'string',
    default: null,
    importance: 'high',
    order: 2,
    width: 'medium',
    displayName: 'Schema Content',
    doc: 'Schema of all messages of a sink, as JSON: they then carry none of their own. With schemas.enable only.',
  },
  'decimal.format': {
    ...serialization,
    type: 'string',
    default: 'BASE64',
    validate: oneOfIgnoringCase('NUMERIC', 'BASE64'),
    order: 0,
    width: 'medium',
    displayName: 'Decimal Format',
    doc: 'How decimals are written: BASE64, as bytes, or NUMERIC, as numbers.',
  },
  'replace.null.with.default': {
    ...serialization,
    type: 'boolean',
    default: true,
    order: 1,
    width: 'medium',
    displayName: 'Replace null with default',
    doc: 'Whether a null takes the default of its field, where there is one.',
  },
})

export type JsonConverterConfig = Infer<typeof jsonConverterConfig>
