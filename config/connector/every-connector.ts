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

/** Classes to recommend; the worker knows which there are. */
export interface KnownClasses {
  readonly converters: readonly string[]
  readonly headerConverters: readonly string[]
  /** Versions of a class, given the settings as written. */
  versions(className: string | null | undefined): readonly string[]
}

const nothingKnown: KnownClasses = { converters: [], headerConverters: [], versions: () => [] }

/** Kafka leaves these checks to code; which classes and versions there are, only a worker knows. */
const byWorker = (description: string): Validator => ({ description, check: () => undefined })
const anyVersion = byWorker('')
const converterClass = (base: 'Converter' | 'HeaderConverter') =>
  byWorker(
    `A concrete subclass of org.apache.kafka.connect.storage.${base}, A class with a public, no-argument constructor`,
  )

const common = { group: 'Common' } as const
const errors = { group: 'Error Handling', importance: 'medium' } as const

/** Settings of every connector, in Kafka Connect's order and groups. Source: ConnectorConfig.configDef. */
export const connectorConfig = defineConfig({
  'name': {
    ...common,
    type: 'string',
    importance: 'high',
    validate: plainName,
    width: 'medium',
    displayName: 'Connector name',
    doc: 'Name of the connector, unique in the cluster.',
  },
  'connector.class': {
    ...common,
    type: 'string',
    importance: 'high',
    width: 'long',
    displayName: 'Connector class',
    doc: 'Class of the connector: its full name, or its short name with or without "Connector" at the end.',
  },
  'connector.plugin.version': {
    ...common,
    type: 'string',
    default: null,
    validate: anyVersion,
    importance: 'medium',
    width: 'medium',
    displayName: 'Connector version',
    doc: 'Version of the connector, or a range of versions; the newest by default.',
  },
  'tasks.max': {
    ...common,
    type: 'int',
    default: 1,
    validate: between(1),
    importance: 'high',
    width: 'short',
    displayName: 'Tasks max',
    doc: 'Most tasks that the connector may divide its work into.',
  },
  'tasks.max.enforce': {
    ...common,
    type: 'boolean',
    default: true,
    importance: 'low',
    width: 'short',
    displayName: 'Enforce tasks max',
    doc: '(Deprecated) Whether a connector that makes more tasks than tasks.max fails.',
  },
  'key.converter': {
    ...common,
    type: 'class',
    default: null,
    validate: converterClass('Converter'),
    importance: 'low',
    width: 'short',
    displayName: 'Key converter class',
    doc: "Class that turns keys into bytes and back; the worker's by default.",
  },
  'key.converter.plugin.version': {
    ...common,
    type: 'string',
    default: null,
    validate: anyVersion,
    importance: 'low',
    width: 'short',
    displayName: 'Key converter version',
    doc: 'Version of the key converter; the newest by default.',
  },
  'value.converter': {
    ...common,
    type: 'class',
    default: null,
    validate: converterClass('Converter'),
    importance: 'low',
    width: 'short',
    displayName: 'Value converter class',
    doc: "Class that turns values into bytes and back; the worker's by default.",
  },
  'value.converter.plugin.version': {
    ...common,
    type: 'string',
    default: null,
    validate: anyVersion,
    importance: 'low',
    width: 'short',
    displayName: 'Value converter version',
    doc: 'Version of the value converter; the newest by default.',
  },
  'header.converter': {
    ...common,
    type: 'class',
    default: null,
    validate: converterClass('HeaderConverter'),
    importance: 'low',
    width: 'short',
    displayName: 'Header converter class',
    doc: "Class that turns header values into bytes and back; the worker's by default.",
  },
  'header.converter.plugin.version': {
    ...common,
    type: 'string',
    default: null,
    validate: anyVersion,
    importance: 'low',
    width: 'short',
    displayName: 'Header converter version',
    doc: 'Version of the header converter; the newest by default.',
  },
  'transforms': {
    type: 'list',
    default: [],
    validate: uniqueAliases('transformation'),
    importance: 'low',
    group: 'Transforms',
    width: 'long',
    displayName: 'Transforms',
    doc: 'Names of the transforms that records pass through, in order; transforms.<name>.type says what each is.',
  },
  'predicates': {
    type: 'list',
    default: [],
    validate: uniqueAliases('predicate'),
    importance: 'low',
    group: 'Predicates',
    width: 'long',
    displayName: 'Predicates',
    doc: 'Names of the predicates that transforms refer to; predicates.<name>.type says what each is.',
  },
  'config.action.reload': {
    ...common,
    type: 'string',
    default: 'restart',
    validate: oneOf('none', 'restart'),
    importance: 'low',
    width: 'medium',
    displayName: 'Reload Action',
    doc: 'What to do when a value from a config provider runs out: restart the connector, or none.',
  },
  'errors.retry.timeout': {
    ...errors,
    type: 'long',
    default: 0,
    width: 'medium',
    displayName: 'Retry Timeout for Errors',
    doc: 'How long a step that failed retriably is tried again, in milliseconds; 0 not at all, -1 for ever.',
  },
  'errors.retry.delay.max.ms': {
    ...errors,
    type: 'long',
    default: 60_000,
    width: 'medium',
    displayName: 'Maximum Delay Between Retries for Errors',
    doc: 'Longest wait between two tries of a failed step, in milliseconds.',
  },
  'errors.tolerance': {
    ...errors,
    type: 'string',
    default: 'none',
    validate: oneOf('none', 'all'),
    width: 'short',
    displayName: 'Error Tolerance',
    doc: 'What a record that cannot be processed does: none, it fails the task; all, it is skipped and reported.',
  },
  'errors.log.enable': {
    ...errors,
    type: 'boolean',
    default: false,
    width: 'short',
    displayName: 'Log Errors',
    doc: 'Whether each failed record is logged.',
  },
  'errors.log.include.messages': {
    ...errors,
    type: 'boolean',
    default: false,
    width: 'short',
    displayName: 'Log Error Details',
    doc: 'Whether the log line of a failed record says which record it was.',
  },
})

export type ConnectorConfig = Infer<typeof connectorConfig>

/** Place of each setting in its group, where it is not the place in the definition. */
const orders: Readonly<Record<string, number>> = {
  'errors.retry.timeout': 1,
  'errors.retry.delay.max.ms': 2,
  'errors.tolerance': 3,
  'errors.log.enable': 4,
  'errors.log.include.messages': 5,
}

/** The common settings with places, and with the recommendations of a worker that knows some classes. */
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
