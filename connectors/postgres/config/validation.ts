import type { ConfigFault, TaskProps } from '../../../api/index.ts'
import { settingText } from '../../../java/index.ts'
import { changeSettingsOf, KEY_COLUMNS, keyColumnPatterns } from './column-rules.ts'
import { requiredSettings } from './definition.ts'
import { regexListFault } from './regex-list.ts'
import { invalid } from './settings/rules.ts'
import { unsupportedSettings } from './unsupported.ts'

/** Returns the reasons why the value of a setting is invalid. `value` is not empty unless the user wrote it so. */
type Check = (value: string, props: TaskProps) => readonly string[]

/**
 * Returns what is wrong with settings that depend on others or have a format of their own. The messages are Debezium's where
 * it checks the same. Values without the right type are reported by the definition, and are ignored here.
 *
 * Source: the validators in CommonConnectorConfig, RelationalDatabaseConnectorConfig and PostgresConnectorConfig. Differs: a
 * request with an invalid configuration gets these messages; that of Debezium ends with an internal error of the worker.
 */
export function validateSettings(props: TaskProps): readonly ConfigFault[] {
  const faults = checks.flatMap(([key, check]) => {
    const value = settingText(props, key)
    const reasons = value === undefined ? [] : check(value, props)
    return reasons.map((reason) => ({ key, message: invalid(key, reason) }))
  })
  return [
    ...missing(props),
    ...faults,
    ...regexFaults(props),
    ...missingWithOthers(props),
    ...unsupportedSettings(props),
  ]
}

const FORMAT = 'has invalid format (only the underscore, hyphen, dot and alphanumeric characters are allowed)'

const topicText: Check = (value) => (/^[\w.-]+$/.test(value) ? [] : [`${value} ${FORMAT}`])

/** Several hosts, ports, IPv6 addresses and socket folders are allowed too. */
const hostText: Check = (value) =>
  value.split(',').every((host) => /^\s*[\w.:/[\]-]*\s*$/.test(host)) ? [] : [`${value} ${FORMAT}`]

const slotName: Check = (value) =>
  /^[a-z0-9_]{1,63}$/.test(value)
    ? []
    : [
        'Valid replication slot name must contain only digits, lowercase characters and underscores with length <= 63',
      ]

const notWith =
  (other: string, shown = other): Check =>
  (_value, props) =>
    settingText(props, other) === undefined ? [] : [`"${shown}" is already specified`]

/** Checks each element of a list with a separator, as Java splits it: empty elements at the end are left out. */
const eachEntry =
  (separator: string, pattern: RegExp, shown: string): Check =>
  (value) => {
    const entries = value.replace(new RegExp(`${separator}+$`), '').split(separator)
    const wrong = entries.filter((entry) => !pattern.test(entry))
    return [
      ...(value === '' ? ['Must not be empty'] : []),
      ...wrong.map((entry) => `${entry} has an invalid format (expecting '${shown}')`),
    ]
  }

const queueSize: Check = (value, props) => {
  const [queue, batch] = [Number(value), Number(settingText(props, 'max.batch.size') ?? 2048)]
  return [
    ...(queue <= 0 ? ['A positive queue size is required'] : []),
    ...(queue <= batch ? ['Must be larger than the maximum batch size'] : []),
  ]
}

const operations: Check = (value) => {
  const names = value.split(',').map((name) => name.trim())
  if (names.some((name) => !/^(?:none|[rcudt])$/.test(name))) return ['Invalid operation']
  const mixed = names.includes('none') && names.some((name) => name !== 'none')
  return mixed ? ["'none' cannot be specified with other skipped operation types"] : []
}

const pairs: Check = (value) =>
  value === '' || value.split(',').every((pair) => /^[^=]+=[^=]+$/.test(pair.trim()))
    ? []
    : ['A equivalent-separated map of valid key/value pairs is expected, for example: k1=v1,k2=v2']

const javaName: Check = (value) =>
  /^[\p{L}_$][\p{L}\p{N}_$]*(?:\.[\p{L}_$][\p{L}\p{N}_$]*)*$/u.test(value)
    ? []
    : ['A Java class name is expected']

const oneTable: Check = (value) =>
  value.includes(',') ? ['For single task connector only one signal data collection is permitted.'] : []

const streamParameters: Check = (value) => {
  const wrong = value.split(';').find((pair) => pair.trim() !== '' && !/^[^=]+=[^=]*$/.test(pair))
  return wrong === undefined ? [] : [`found ${wrong}, expected name=value pairs separated by semicolons`]
}

const IDENTITY =
  /^\s*(?<tablepredicate>[^\s:]+):(?<replicaidentity>DEFAULT|(INDEX) (?<indexname>.\w*)|FULL|NOTHING)\s*$/i

const checks: readonly (readonly [key: string, check: Check])[] = [
  ['topic.prefix', topicText],
  ['database.hostname', hostText],
  ['slot.name', slotName],
  ['slot.stream.params', streamParameters],
  ['replica.identity.autoset.values', eachEntry(',', IDENTITY, `(?i)${IDENTITY.source}`)],
  ['message.key.columns', eachEntry(';', KEY_COLUMNS, String.raw`^\s*([^:]+):([^:,]+(,[^:,]+)*)\s*$`)],
  ['table.exclude.list', notWith('table.include.list')],
  ['schema.exclude.list', notWith('schema.include.list')],
  ['column.exclude.list', notWith('column.include.list')],
  [
    'message.prefix.exclude.list',
    notWith('message.prefix.include.list', 'logical_decoding_message.prefix.include.list'),
  ],
  ['max.queue.size', queueSize],
  ['skipped.operations', operations],
  ['signal.data.collection', oneTable],
  ['custom.metric.tags', pairs],
  ['openlineage.integration.job.tags', pairs],
  ['openlineage.integration.job.owners', pairs],
  ['topic.naming.strategy', javaName],
  ['memory.management.schemas.class', javaName],
  ['memory.management.tables.class', javaName],
  ['topic.delimiter', topicText],
  ['topic.transaction', topicText],
  ['topic.heartbeat.prefix', topicText],
  ['topic.heartbeat.name', (value, props) => (value === '' ? [] : topicText(value, props))],
]

function missing(props: TaskProps): readonly ConfigFault[] {
  return requiredSettings
    .filter((key) => (settingText(props, key) ?? '') === '')
    .map((key) => ({ key, message: invalid(key, 'A value is required') }))
}

const regexLists = [
  ...['table', 'schema', 'column', 'message.prefix'].flatMap((name) => [
    `${name}.include.list`,
    `${name}.exclude.list`,
  ]),
  'snapshot.include.collection.list',
  'column.propagate.source.type',
  'datatype.propagate.source.type',
]

function regexFaults(props: TaskProps): readonly ConfigFault[] {
  const identities = (settingText(props, 'replica.identity.autoset.values') ?? '').split(',')
  return [
    ...regexLists.flatMap((key) => regexFault(key, settingText(props, key) ?? '')),
    ...changeSettingsOf(props).flatMap(({ key, label, columns }) => regexFault(key, columns, label)),
    ...keyColumnPatterns(settingText(props, 'message.key.columns') ?? '').flatMap((pattern) =>
      regexFault('message.key.columns', pattern),
    ),
    ...identities.flatMap((entry) =>
      regexFault('replica.identity.autoset.values', IDENTITY.exec(entry)?.groups?.['tablepredicate'] ?? ''),
    ),
  ]
}

function regexFault(key: string, list: string, label = key): readonly ConfigFault[] {
  const message = regexListFault(label, list)
  return message === undefined ? [] : [{ key, message }]
}

/** Settings that other settings require. */
function missingWithOthers(props: TaskProps): readonly ConfigFault[] {
  const faults: ConfigFault[] = ['snapshot.mode', 'snapshot.locking.mode', 'snapshot.query.mode'].flatMap(
    (mode) => {
      const key = `${mode}.custom.name`
      const isCustom = settingText(props, mode)?.toLowerCase() === 'custom'
      if (!isCustom || (settingText(props, key) ?? '') !== '') return []
      return [{ key, message: invalid(key, `${key} cannot be empty when ${mode} 'custom' is defined`) }]
    },
  )
  const channels = (settingText(props, 'notification.enabled.channels') ?? '').split(',')
  const queue = 'max.queue.size'
  if (settingText(props, queue) === undefined) {
    faults.push(
      ...queueSize('8192', props).map((reason) => ({ key: queue, message: invalid(queue, reason) })),
    )
  }
  const key = 'notification.sink.topic.name'
  if (channels.some((name) => name.trim() === 'sink') && settingText(props, key) === undefined) {
    const reason = 'Notification topic name must be provided when kafka notification channel is enabled'
    faults.push({ key, message: invalid(key, reason) })
  }
  return faults
}
