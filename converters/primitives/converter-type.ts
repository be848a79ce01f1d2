import { defineConfig, oneOf } from '../../api/index.ts'

/** The setting common to all converters. Source: ConverterConfig. */
export const converterTypeConfig = defineConfig({
  'converter.type': {
    type: 'string',
    validate: oneOf('key', 'value', 'header'),
    importance: 'low',
    doc: 'Role of the converter: key, value or header. Set by the worker.',
  },
})
