import { defineConfig, oneOf } from '../../api/index.ts'

/** The setting that every converter has. Source: ConverterConfig. */
export const converterTypeConfig = defineConfig({
  'converter.type': {
    type: 'string',
    validate: oneOf('key', 'value', 'header'),
    importance: 'low',
    doc: 'What the converter serves for: key, value or header. Set by the worker.',
  },
})
