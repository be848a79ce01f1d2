import type { ConfigDef, ConfigKey, ConfigType } from '../../api/index.ts'

type JsonSchema = Record<string, unknown>

const types: Readonly<Record<ConfigType, JsonSchema>> = {
  string: { type: 'string' },
  class: { type: 'string', minLength: 1 },
  password: { type: 'string' },
  list: { type: 'string' },
  boolean: { type: 'boolean' },
  int: { type: 'integer', minimum: -(2 ** 31), maximum: 2 ** 31 - 1 },
  short: { type: 'integer', minimum: -(2 ** 15), maximum: 2 ** 15 - 1 },
  long: { type: 'integer' },
  double: { type: 'number' },
}

/** Converts a definition to JSON Schema, for editors and file checks. Lists are comma-separated strings, as in files. */
export function jsonSchemaOf(def: ConfigDef): JsonSchema {
  const entries = Object.entries(def)
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    type: 'object',
    properties: Object.fromEntries(entries.map(([key, setting]) => [key, settingSchema(setting)])),
    required: entries.filter(([, setting]) => setting.default === undefined).map(([key]) => key),
  }
}

function settingSchema(setting: ConfigKey): JsonSchema {
  const { type, doc, validate } = setting
  const fallback = setting.default
  const shown =
    type === 'password' || fallback === undefined || fallback === null ? {} : { default: fallback }
  return { description: doc, ...types[type], ...(type === 'list' ? {} : validate?.jsonSchema), ...shown }
}
