import type { ConfigFault, TaskProps } from '../../../api/index.ts'
import { settingText } from '../../../java/index.ts'
import { hashAlgorithmFault } from '../values/masks.ts'
import { changeSettingsOf } from './column-rules.ts'
import { postProcessorFaults } from './reselect.ts'
import { invalid } from './settings/rules.ts'

/**
 * Returns the settings that ask for code that only exists in Java, and what to use instead.
 *
 * Differs: Debezium loads such classes.
 */
export function unsupportedSettings(props: TaskProps): readonly ConfigFault[] {
  const faults = refused.flatMap(([key, reasonOf]) => {
    const value = settingText(props, key) ?? ''
    const reason = value === '' ? undefined : reasonOf(value, props)
    return reason === undefined ? [] : [{ key, message: invalid(key, reason) }]
  })
  return [...faults, ...postProcessorFaults(props), ...hashFaults(props)]
}

type ReasonOf = (value: string, props: TaskProps) => string | undefined

/** Accepts only some values; `remedy` says what to use instead of others. */
const only =
  (values: readonly string[], remedy: string): ReasonOf =>
  (value) =>
    values.includes(value)
      ? undefined
      : `${value} is not supported, expected ${values.join(' or ')}; ${remedy}`

const customOf =
  (mode: string, remedy: string): ReasonOf =>
  (value, props) =>
    settingText(props, mode)?.toLowerCase() === 'custom'
      ? `the Java class ${value} cannot be used; ${remedy}`
      : undefined

const channels =
  (known: readonly string[], remedy: string): ReasonOf =>
  (value) => {
    const unknown = value.split(',').find((name) => !['', ...known].includes(name.trim()))
    return unknown === undefined
      ? undefined
      : `the channel ${unknown.trim()} is not supported, expected ${known.join(', ')}; ${remedy}`
  }

const sslFactories = [
  'org.postgresql.ssl.LibPQFactory',
  'org.postgresql.ssl.jdbc4.LibPQFactory',
  'org.postgresql.ssl.NonValidatingFactory',
  'org.postgresql.ssl.DefaultJavaSSLFactory',
]

const refused: readonly (readonly [key: string, reasonOf: ReasonOf])[] = [
  [
    'plugin.name',
    (value) =>
      value.toLowerCase() === 'decoderbufs'
        ? 'decoderbufs is not supported, expected pgoutput, which is part of PostgreSQL; a slot of decoderbufs cannot be continued, so use another slot.name and take a new snapshot'
        : undefined,
  ],
  ['database.sslfactory', only(sslFactories, 'select the checks of certificates with database.sslmode')],
  ['converters', (value) => `the Java converters ${value} cannot be used; use a transform`],
  ['snapshot.mode.custom.name', customOf('snapshot.mode', 'use snapshot.mode configuration_based')],
  [
    'snapshot.query.mode.custom.name',
    customOf('snapshot.query.mode', 'use snapshot.select.statement.overrides'),
  ],
  ['snapshot.locking.mode.custom.name', customOf('snapshot.locking.mode', 'use none or shared')],
  ['signal.enabled.channels', channels(['source', 'kafka', 'file'], 'use one of these instead of JMX')],
  ['notification.enabled.channels', channels(['sink', 'log'], 'metrics show the progress of snapshots')],
  [
    'openlineage.integration.enabled',
    (value) => (value.toLowerCase() === 'true' ? 'OpenLineage is not supported, expected false' : undefined),
  ],
  [
    'transaction.metadata.factory',
    only(
      ['io.debezium.pipeline.txmetadata.DefaultTransactionMetadataFactory'],
      'use a transform to change events',
    ),
  ],
  [
    'sourceinfo.struct.maker',
    only(
      ['io.debezium.connector.postgresql.PostgresSourceInfoStructMaker'],
      'use a transform to change events',
    ),
  ],
]

function hashFaults(props: TaskProps): readonly ConfigFault[] {
  return changeSettingsOf(props).flatMap(({ key, label, change }) => {
    const reason = change.kind === 'hash' ? hashAlgorithmFault(change.algorithm) : undefined
    return reason === undefined ? [] : [{ key, message: invalid(label, reason) }]
  })
}
