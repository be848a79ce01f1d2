import {
  ConnectError,
  invalidValue,
  Secret,
  type ConfigDef,
  type ConfigKey,
  type Infer,
  type TaskProps,
} from '../../api/index.ts'

/**
 * Parses settings that the worker passes as texts, for the checks of a connector. Source: AbstractConfig.
 *
 * Throws `HR_CONFIG_INVALID` for the first setting that is missing or has an invalid value.
 */
export function parseSettings<D extends ConfigDef>(def: D, props: TaskProps): Infer<D> {
  const values = new Map<string, unknown>()
  for (const [key, setting] of Object.entries<ConfigKey>(def)) {
    const { value, fault } = parseSetting(key, setting, props)
    if (fault !== undefined) throw new ConnectError('HR_CONFIG_INVALID', fault, { configKey: key })
    values.set(key, value)
  }
  return Object.fromEntries(values) as Infer<D>
}

/** Whether each setting has a value of its type that its definition allows. */
export function isWellFormed(def: ConfigDef, props: TaskProps): boolean {
  return Object.entries<ConfigKey>(def).every(
    ([key, setting]) => parseSetting(key, setting, props).fault === undefined,
  )
}

/** The value of a setting, trimmed; undefined if it is not set. */
export function settingText(props: TaskProps, key: string): string | undefined {
  return Object.hasOwn(props, key) ? props[key]?.trim() : undefined
}

interface Parsed {
  readonly value: unknown
  readonly fault?: string | undefined
}

function parseSetting(key: string, setting: ConfigKey, props: TaskProps): Parsed {
  const text = settingText(props, key)
  if (text === undefined) {
    const missing = `Missing required configuration "${key}" which has no default value.`
    return setting.default === undefined ? { value: null, fault: missing } : { value: setting.default }
  }
  const value = parsedValue(setting.type, text)
  if (value === undefined) return { value: null, fault: invalidValue(key, text, `Not a ${setting.type}`) }
  return { value, fault: setting.validate?.check(key, value) }
}

/** Parses a value as the worker does; undefined if it does not have the type. Source: ConfigDef.parseType. */
function parsedValue(type: ConfigKey['type'], text: string): unknown {
  switch (type) {
    case 'int':
      return integer(text, 2 ** 31)
    case 'long':
      return integer(text, 2 ** 63)
    case 'boolean': {
      const lower = text.toLowerCase()
      return lower === 'true' || lower === 'false' ? lower === 'true' : undefined
    }
    case 'list':
      return text === '' ? [] : text.split(',').map((element) => element.trim())
    case 'password':
      return new Secret(text)
    default:
      return text
  }
}

/** The greatest long rounds up to 2^63. */
function integer(text: string, limit: number): number | undefined {
  const value = /^[+-]?\d+$/.test(text) ? BigInt(text.replace('+', '')) : undefined
  return value !== undefined && value >= -BigInt(limit) && value < BigInt(limit) ? Number(value) : undefined
}
