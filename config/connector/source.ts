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

/** Settings of source connectors in addition to the common ones. Source: SourceConnectorConfig.configDef. */
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
    doc: 'Names of topic creation groups. topic.creation.<name>.* configures the topics of a group, topic.creation.default.* all others.',
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
    doc: 'requested, or required to reject a connector that does not support exactly-once delivery.',
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
    doc: 'When to commit transactions: after each poll, at an interval, or when the connector requests it.',
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
    doc: "Interval between transaction commits, in milliseconds; the worker's offset.flush.interval.ms by default.",
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
    doc: "Offsets topic of this connector; its offsets are also written to the worker's offsets topic. By default, only the worker's topic is used. Has no effect in a standalone worker.",
  },
})

export type SourceConfig = Infer<typeof sourceConfig>

export function sourceConnectorConfig(known?: KnownClasses): ConfigDef {
  return { ...commonConfig(known), ...sourceConfig }
}
