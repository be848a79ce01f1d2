import { ConnectError, type TaskProps } from '../../../api/index.ts'
import { settingText } from '../../../java/index.ts'
import { overriddenTables } from './capture-rules.ts'
import type { PostgresConfig } from './definition.ts'
import { invalid } from './settings/rules.ts'
import { parseTableName } from './table-name.ts'

const NAMING_STRATEGY = 'io.debezium.schema.SchemaTopicNamingStrategy'

/**
 * Throws `HR_CONFIG_INVALID` for settings that validation accepts, as that of Debezium, but that a task cannot use.
 */
export function requireUsable(config: PostgresConfig): void {
  const strategy = config['topic.naming.strategy']
  if (strategy !== NAMING_STRATEGY) {
    const remedy = 'use a transform such as RegexRouter for other names'
    throw unusable(
      'topic.naming.strategy',
      `${strategy} is not supported, expected ${NAMING_STRATEGY}; ${remedy}`,
    )
  }
  const placeholder = config['unavailable.value.placeholder']
  if (placeholder.startsWith('hex:') && !/^(?:[\da-f]{2})*$/i.test(placeholder.slice(4))) {
    throw unusable(
      'unavailable.value.placeholder',
      `found ${placeholder}, expected pairs of hexadecimal digits after hex:`,
    )
  }
  if (config['incremental.snapshot.chunk.size'] === 0) {
    throw unusable('incremental.snapshot.chunk.size', 'found 0, expected at least 1')
  }
}

/** Bytes of `unavailable.value.placeholder`: its UTF-8 text, or the digits after `hex:`. */
export function placeholderBytes(config: Pick<PostgresConfig, 'unavailable.value.placeholder'>): Buffer {
  const text = config['unavailable.value.placeholder']
  return text.startsWith('hex:') ? Buffer.from(text.slice(4), 'hex') : Buffer.from(text, 'utf8')
}

/** Returns warnings about settings that are valid but have another effect than intended, for the log of the task. */
export function startWarnings(config: PostgresConfig, props: TaskProps): readonly string[] {
  const warnings: string[] = []
  const signals = settingText(props, 'signal.data.collection') ?? ''
  if (signals !== '' && parseTableName(signals) === undefined) {
    warnings.push(
      `signal.data.collection: found ${signals}, expected schema.table; no signals are received from it`,
    )
  }
  for (const table of overriddenTables(props)) {
    const key = `snapshot.select.statement.overrides.${table}`
    if (settingText(props, key) === undefined) {
      warnings.push(`${key} is not set: the snapshot reads all rows of ${table}`)
    }
  }
  if (config['heartbeat.action.query'] !== null && config['heartbeat.interval.ms'] === 0) {
    warnings.push('heartbeat.action.query has no effect: heartbeat.interval.ms is 0')
  }
  if (config['signal.kafka.bootstrap.servers'] !== null) {
    warnings.push(
      'signal.kafka.bootstrap.servers has no effect: signals are read from the cluster of the worker',
    )
  }
  if (config['lsn.flush.mode'] === 'manual') {
    warnings.push('lsn.flush.mode is manual: the server keeps all WAL until you advance the replication slot')
  }
  if (config['slot.drop.on.stop']) {
    warnings.push('slot.drop.on.stop is true: changes made while the task does not run are lost')
  }
  return warnings
}

function unusable(key: string, reason: string): ConnectError {
  return new ConnectError('HR_CONFIG_INVALID', invalid(key, reason), { configKey: key })
}
