import { defineConfig, validRegex, type ConfigDef, type Infer } from '../../api/index.ts'
import { commonConfig, type KnownClasses } from './every-connector.ts'
import { withoutDuplicates } from './rules.ts'

const topics = { group: 'Common', order: 4, importance: 'high', width: 'long' } as const
const deadLetters = { group: 'Error Handling', importance: 'medium', width: 'medium' } as const

/** The dead-letter queue of a connector. Source: SinkConnectorConfig. Differs: sources may have one, too. */
export const deadLetterConfig = defineConfig({
  'errors.deadletterqueue.topic.name': {
    ...deadLetters,
    type: 'string',
    default: '',
    order: 6,
    displayName: 'Dead Letter Queue Topic Name',
    doc: 'Topic for records that could not be processed; none by default.',
  },
  'errors.deadletterqueue.topic.replication.factor': {
    ...deadLetters,
    type: 'short',
    default: 3,
    order: 7,
    displayName: 'Dead Letter Queue Topic Replication Factor',
    doc: 'Replicas of that topic, where it has to be created.',
  },
  'errors.deadletterqueue.context.headers.enable': {
    ...deadLetters,
    type: 'boolean',
    default: false,
    order: 8,
    displayName: 'Enable Error Context Headers',
    doc: 'Whether headers say where a dead letter comes from and what was wrong with it.',
  },
})

/** Settings of sink connectors beside the common ones. Source: SinkConnectorConfig.configDef. */
export const sinkConfig = defineConfig({
  'topics': {
    ...topics,
    type: 'list',
    default: [],
    validate: withoutDuplicates,
    displayName: 'Topics',
    doc: 'Topics to read, separated by commas.',
  },
  'topics.regex': {
    ...topics,
    type: 'string',
    default: '',
    validate: validRegex,
    displayName: 'Topics regex',
    doc: 'Java regular expression that the whole name of a topic to read matches. Instead of topics.',
  },
  ...deadLetterConfig,
})

export type SinkConfig = Infer<typeof sinkConfig>

export function sinkConnectorConfig(known?: KnownClasses): ConfigDef {
  return { ...commonConfig(known), ...sinkConfig }
}
