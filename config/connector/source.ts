import {
  between,
  defineConfig,
  nonEmpty,
  oneOfIgnoringCase,
  type ConfigDef,
  type Infer,
} from '../../api/index.ts'
import { commonConfig, type KnownClasses } from './every-connector.ts'
import { uniqueAliases } from './rules.ts'

const exactlyOnce = { group: 'Exactly Once Support' } as const

/** Settings of source connectors beside the common ones. Source: SourceConnectorConfig.configDef. */
export const sourceConfig = defineConfig({
  'topic.creation.groups': {
    type: 'list',
    default: [],
    validate: uniqueAliases('topic creation'),
    importance: 'low',
    group: 'Topic Creation',
    order: 1,
    width: 'long',
    displayName: 'Topic Creation Groups',
    doc: 'Names of groups of topics, each created as topic.creation.<name>.* says; the rest as topic.creation.default.*.',
  },
  'exactly.once.support': {
    ...exactlyOnce,
    type: 'string',
    default: 'requested',
    validate: oneOfIgnoringCase('required', 'requested'),
    importance: 'medium',
    order: 2,
    width: 'short',
    displayName: 'Exactly once support',
    doc: 'requested, or required to refuse a connector that cannot write exactly once.',
  },
  'transaction.boundary': {
    ...exactlyOnce,
    type: 'string',
    default: 'poll',
    validate: oneOfIgnoringCase('interval', 'poll', 'connector'),
    importance: 'medium',
    order: 3,
    width: 'short',
    displayName: 'Transaction Boundary',
    doc: 'When transactions end: after each poll, at an interval, or where the connector says.',
  },
  'transaction.boundary.interval.ms': {
    ...exactlyOnce,
    type: 'long',
    default: null,
    validate: {
      ...between(0),
      check: (key, value) => (value === null ? undefined : between(0).check(key, value)),
    },
    importance: 'low',
    order: 4,
    width: 'short',
    displayName: 'Transaction boundary interval',
    doc: "Time between the ends of transactions, in milliseconds; the worker's offset.flush.interval.ms by default.",
  },
  'offsets.storage.topic': {
    type: 'string',
    default: null,
    validate: nonEmpty,
    importance: 'low',
    group: 'offsets.topic',
    order: 1,
    width: 'long',
    displayName: 'Offsets topic',
    doc: "Topic for this connector's offsets, which are copied to the worker's; only the worker's by default. Without effect in a standalone worker.",
  },
})

export type SourceConfig = Infer<typeof sourceConfig>

export function sourceConnectorConfig(known?: KnownClasses): ConfigDef {
  return { ...commonConfig(known), ...sourceConfig }
}
