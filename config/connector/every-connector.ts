import {
  between,
  defineConfig,
  oneOf,
  type ConfigDef,
  type Infer,
  type Recommender,
  type Validator,
} from '../../api/index.ts'
import { plainName, uniqueAliases } from './rules.ts'

/** Classes and versions that a worker recommends. */
export interface KnownClasses {
  readonly converters: readonly string[]
  readonly headerConverters: readonly string[]
  /** Returns the versions of a class; `className` is the unparsed setting. */
  versions(className: string | null | undefined): readonly string[]
}

const nothingKnown: KnownClasses = { converters: [], headerConverters: [], versions: () => [] }

/** A rule for documentation only: the actual check needs the plugins of a worker. */
const byWorker = (description: string): Validator => ({ description, check: () => undefined })
const anyVersion = byWorker('')
const converterClass = (base: 'Converter' | 'HeaderConverter') =>
  byWorker(
    `A concrete subclass of org.apache.kafka.connect.storage.${base}, A class with a public, no-argument constructor`,
  )

const common = { group: 'Common' } as const
const errors = { group: 'Error Handling', importance: 'medium' } as const

/** Settings of all connectors, in Kafka Connect's order and groups. Source: ConnectorConfig.configDef. */
export const connectorConfig = defineConfig({
  'name': {
    ...common,
    type: 'string',
    importance: 'high',
    validate: plainName,
    width: 'medium',
    displayName: 'Connector name',
    doc: 'Name of the connector, unique within the cluster.',
  },
  'connector.class': {
    ...common,
    type: 'string',
    importance: 'high',
    width: 'long',
    displayName: 'Connector class',
    doc: 'Class of the connector: its full name, or its simple name with or without the suffix "Connector".',
  },
  'connector.plugin.version': {
    ...common,
    type: 'string',
    default: null,
    validate: anyVersion,
    importance: 'medium',
    width: 'medium',
    displayName: 'Connector version',
    doc: 'Version of the connector, or a version range; the latest version by default.',
  },
  'tasks.max': {
    ...common,
    type: 'int',
    default: 1,
    validate: between(1),
    importance: 'high',
    width: 'short',
    displayName: 'Tasks max',
    doc: 'Maximum number of tasks of the connector.',
  },
  'tasks.max.enforce': {
    ...common,
    type: 'boolean',
    default: true,
    importance: 'low',
    width: 'short',
    displayName: 'Enforce tasks max',
    doc: '(Deprecated) Whether a connector fails if it generates more than tasks.max tasks.',
  },
  'key.converter': {
    ...common,
    type: 'class',
    default: null,
    validate: converterClass('Converter'),
    importance: 'low',
    width: 'short',
    displayName: 'Key converter class',
    doc: "Class that converts keys to and from bytes; the worker's key.converter by default.",
  },
  'key.converter.plugin.version': {
    ...common,
    type: 'string',
    default: null,
    validate: anyVersion,
    importance: 'low',
    width: 'short',
    displayName: 'Key converter version',
    doc: 'Version of the key converter; the latest version by default.',
  },
  'value.converter': {
    ...common,
    type: 'class',
    default: null,
    validate: converterClass('Converter'),
    importance: 'low',
    width: 'short',
    displayName: 'Value converter class',
    doc: "Class that converts values to and from bytes; the worker's value.converter by default.",
  },
  'value.converter.plugin.version': {
    ...common,
    type: 'string',
    default: null,
    validate: anyVersion,
    importance: 'low',
    width: 'short',
    displayName: 'Value converter version',
    doc: 'Version of the value converter; the latest version by default.',
  },
  'header.converter': {
    ...common,
    type: 'class',
    default: null,
    validate: converterClass('HeaderConverter'),
    importance: 'low',
    width: 'short',
    displayName: 'Header converter class',
    doc: "Class that converts header values to and from bytes; the worker's header.converter by default.",
  },
  'header.converter.plugin.version': {
    ...common,
    type: 'string',
    default: null,
    validate: anyVersion,
    importance: 'low',
    width: 'short',
    displayName: 'Header converter version',
    doc: 'Version of the header converter; the latest version by default.',
  },
  'transforms': {
    type: 'list',
    default: [],
    validate: uniqueAliases('transformation'),
    importance: 'low',
    group: 'Transforms',
    width: 'long',
    displayName: 'Transforms',
    doc: 'Names of the transforms to apply, in order; transforms.<name>.type sets the class of each.',
  },
  'predicates': {
    type: 'list',
    default: [],
    validate: uniqueAliases('predicate'),
    importance: 'low',
    group: 'Predicates',
    width: 'long',
    displayName: 'Predicates',
    doc: 'Names of the predicates that transforms can use; predicates.<name>.type sets the class of each.',
  },
  'config.action.reload': {
    ...common,
    type: 'string',
    default: 'restart',
    validate: oneOf('none', 'restart'),
    importance: 'low',
    width: 'medium',
    displayName: 'Reload Action',
    doc: 'Action when a value from a config provider expires: restart the connector, or none.',
  },
  'errors.retry.timeout': {
    ...errors,
    type: 'long',
    default: 0,
    width: 'medium',
    displayName: 'Retry Timeout for Errors',
    doc: 'How long to retry a step after a retriable error, in milliseconds; 0 disables retries, -1 retries indefinitely.',
  },
  'errors.retry.delay.max.ms': {
    ...errors,
    type: 'long',
    default: 60_000,
    width: 'medium',
    displayName: 'Maximum Delay Between Retries for Errors',
    doc: 'Maximum delay between retries of a step, in milliseconds.',
  },
  'errors.tolerance': {
    ...errors,
    type: 'string',
    default: 'none',
    validate: oneOf('none', 'all'),
    width: 'short',
    displayName: 'Error Tolerance',
    doc: 'How to handle a record that cannot be processed: none fails the task, all skips and reports the record.',
  },
  'errors.log.enable': {
    ...errors,
    type: 'boolean',
    default: false,
    width: 'short',
    displayName: 'Log Errors',
    doc: 'Whether to log each record that cannot be processed.',
  },
  'errors.log.include.messages': {
    ...errors,
    type: 'boolean',
    default: false,
    width: 'short',
    displayName: 'Log Error Details',
    doc: 'Whether the log line identifies the failed record; for a source connector it contains the record itself.',
  },
})

export type ConnectorConfig = Infer<typeof connectorConfig>

/** Order within the group, for settings whose order differs from their position in the definition. */
const orders: Readonly<Record<string, number>> = {
  'errors.retry.timeout': 1,
  'errors.retry.delay.max.ms': 2,
  'errors.tolerance': 3,
  'errors.log.enable': 4,
  'errors.log.include.messages': 5,
}

/** Returns the common settings with their order, and recommenders for the classes that a worker knows. */
export function commonConfig(known: KnownClasses = nothingKnown): ConfigDef {
  const recommenders: Record<string, Recommender> = {
    'connector.plugin.version': { validValues: (props) => known.versions(props['connector.class']) },
  }
  for (const role of ['key', 'value', 'header'] as const) {
    const classes = role === 'header' ? known.headerConverters : known.converters
    recommenders[`${role}.converter`] = { validValues: () => classes }
    recommenders[`${role}.converter.plugin.version`] = {
      validValues: (props) => known.versions(props[`${role}.converter`]),
    }
  }
  return Object.fromEntries(
    Object.entries(connectorConfig).map(([key, def], index) => {
      const recommender = recommenders[key]
      return [
        key,
        { ...def, order: orders[key] ?? index + 1, ...(recommender === undefined ? {} : { recommender }) },
      ]
    }),
  )
}
