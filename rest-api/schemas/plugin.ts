import { Type, type TSchema } from 'typebox'

/** Immutable, since validation results are shared. */
const list = <T extends TSchema>(items: T) => Type.Immutable(Type.Array(items))

const text = Type.String()
const textOrNull = Type.Union([Type.String(), Type.Null()])

export const Plugins = list(Type.Object({ class: text, type: text, version: text }))

const ConfigKey = Type.Object({
  name: text,
  type: text,
  required: Type.Boolean(),
  default_value: textOrNull,
  importance: text,
  documentation: text,
  group: textOrNull,
  width: text,
  display_name: text,
  dependents: list(text),
  order_in_group: Type.Integer(),
})

export const ConfigKeys = list(ConfigKey)

const DescribedKey = Type.Object({
  ...ConfigKey.properties,
  examples: Type.Optional(list(text)),
  deprecated: Type.Optional(Type.String({ description: 'What to use instead' })),
  since: Type.Optional(Type.String({ description: 'Version of the plugin that introduced the setting' })),
})

const ConfigValue = Type.Object({
  name: text,
  value: textOrNull,
  recommended_values: list(text),
  errors: list(text),
  visible: Type.Boolean(),
})

const validationOf = <T extends TSchema>(key: T) =>
  Type.Object({
    name: text,
    error_count: Type.Integer(),
    groups: list(text),
    configs: list(
      Type.Object({
        definition: Type.Union([key, Type.Null()]),
        value: Type.Union([ConfigValue, Type.Null()]),
      }),
    ),
  })

/** As in Kafka Connect. */
export const Validation = validationOf(ConfigKey)

export const DescribedValidation = validationOf(DescribedKey)
