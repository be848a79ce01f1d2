import { ConnectError, type ConfigKey, type TaskProps } from '../../../api/index.ts'
import { parseConfig } from '../../../java/index.ts'
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
  const parsed: Readonly<Record<string, unknown>> = parseConfig(postgresConfig, props)
  for (const [key, { recommender }] of Object.entries<ConfigKey>(postgresConfig)) {
    values.set(key, recommender === undefined ? parsed[key] : lowerCase(parsed[key]))
  }
  for (const key of requiredSettings) requireValue(key, values.get(key))
  return Object.fromEntries(withReplacements(values, props)) as PostgresConfig
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

const lowerCase = (value: unknown): unknown => (typeof value === 'string' ? value.toLowerCase() : value)
