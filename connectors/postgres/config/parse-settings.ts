import { ConnectError, Secret, type ConfigKey, type TaskProps } from '../../../api/index.ts'
import { postgresConfig, requiredSettings, type PostgresConfig } from './definition.ts'
import { invalid } from './settings/rules.ts'

/** Interval of heartbeats with `lsn.flush.mode` connector_and_driver, if none is set. */
const CONFIRMING_HEARTBEAT_MS = 600_000

/**
 * Parses the settings of the connector or its task. Replaced settings take effect unless the new one is set:
 * `flush.lsn.source`, `heartbeat.topics.prefix`, `internal.slot.seek.to.known.offset.on.start`,
 * `internal.legacy.snapshot.max.threads`. Defaults that depend on other settings are filled in.
 *
 * Throws `HR_CONFIG_INVALID` for the first setting that has an invalid value or is missing.
 */
export function parseSettings(props: TaskProps): PostgresConfig {
  const values = new Map<string, unknown>()
  for (const [key, setting] of Object.entries<ConfigKey>(postgresConfig)) {
    const { value, fault } = parseSetting(key, setting, props)
    if (fault !== undefined) throw new ConnectError('HR_CONFIG_INVALID', fault, { configKey: key })
    values.set(key, setting.recommender === undefined || value === null ? value : lowerCase(value))
  }
  for (const key of requiredSettings) requireValue(key, values.get(key))
  return Object.fromEntries(withReplacements(values, props)) as PostgresConfig
}

/** Whether each setting has a value of its type that its definition allows. */
export function isWellFormed(props: TaskProps): boolean {
  return Object.entries<ConfigKey>(postgresConfig).every(
    ([key, setting]) => parseSetting(key, setting, props).fault === undefined,
  )
}

/** The value of a setting, trimmed; undefined if it is not set. */
export function settingText(props: TaskProps, key: string): string | undefined {
  return Object.hasOwn(props, key) ? props[key]?.trim() : undefined
}

function withReplacements(values: Map<string, unknown>, props: TaskProps): Map<string, unknown> {
  const isSet = (key: string) => Object.hasOwn(props, key)
  const flush = values.get('flush.lsn.source') === true ? 'connector' : 'manual'
  values.set('lsn.flush.mode', values.get('lsn.flush.mode') ?? flush)
  values.set(
    'topic.heartbeat.prefix',
    values.get('topic.heartbeat.prefix') ?? values.get('heartbeat.topics.prefix'),
  )
  values.set(
    'signal.kafka.topic',
    values.get('signal.kafka.topic') ?? `${String(values.get('topic.prefix'))}-signal`,
  )
  const isIdle =
    values.get('heartbeat.interval.ms') === 0 && values.get('provide.transaction.metadata') !== true
  if (isIdle && values.get('lsn.flush.mode') === 'connector_and_driver') {
    values.set('heartbeat.interval.ms', CONFIRMING_HEARTBEAT_MS)
  }
  const seeks = values.get('internal.slot.seek.to.known.offset.on.start') === true
  if (seeks && !isSet('offset.mismatch.strategy')) values.set('offset.mismatch.strategy', 'trust_offset')
  if (!isSet('legacy.snapshot.max.threads')) {
    values.set('legacy.snapshot.max.threads', values.get('internal.legacy.snapshot.max.threads'))
  }
  return values
}

function requireValue(key: string, value: unknown): void {
  if (typeof value === 'string' && value !== '') return
  throw new ConnectError('HR_CONFIG_INVALID', invalid(key, 'A value is required'), { configKey: key })
}

interface Parsed {
  readonly value: unknown
  readonly fault?: string | undefined
}

function parseSetting(key: string, setting: ConfigKey, props: TaskProps): Parsed {
  const text = settingText(props, key)
  if (text === undefined) return { value: setting.default }
  const value = parsedValue(setting.type, text)
  if (value === undefined) return { value: null, fault: setting.unparseable?.(key)[0] ?? invalid(key, text) }
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

function integer(text: string, limit: number): number | undefined {
  const value = /^[+-]?\d+$/.test(text) ? Number(text) : undefined
  return value !== undefined && value >= -limit && value < limit ? value : undefined
}

const lowerCase = (value: unknown): unknown => (typeof value === 'string' ? value.toLowerCase() : value)
