import { defineConfig, type ConfigDef, type Infer } from '../../api/index.ts'
import { nonDuplicateValues, validRegex } from '../../java/index.ts'
import { commonConfig, type KnownClasses } from './every-connector.ts'

const topics = { group: 'Common', order: 4, importance: 'high', width: 'long' } as const
const deadLetters = { group: 'Error Handling', importance: 'medium', width: 'medium' } as const

/** Settings of the dead-letter queue. Source: SinkConnectorConfig. Differs: source connectors have them too. */
export const deadLetterConfig = defineConfig({
  'errors.deadletterqueue.topic.name': {
    ...deadLetters,
    type: 'string',
    default: '',
    order: 6,
    displayName: 'Dead Letter Queue Topic Name',
    doc: 'Dead-letter topic for records that cannot be processed; none by default.',
  },
  'errors.deadletterqueue.topic.replication.factor': {
    ...deadLetters,
    type: 'short',
    default: 3,
    order: 7,
    displayName: 'Dead Letter Queue Topic Replication Factor',
    doc: 'Replication factor of the dead-letter topic if the worker creates it.',
  },
  'errors.deadletterqueue.context.headers.enable': {
    ...deadLetters,
    type: 'boolean',
    default: false,
    order: 8,
    displayName: 'Enable Error Context Headers',
    doc: 'Whether to add headers with the origin of the record and the error to dead-letter records.',
  },
})

/** Settings of sink connectors in addition to the common ones. Source: SinkConnectorConfig.configDef. */
export const sinkConfig = defineConfig({
  'topics': {
    ...topics,
    type: 'list',
    default: [],
    validate: nonDuplicateValues(true),
    displayName: 'Topics',
    doc: 'Topics to consume, separated by commas.',
  },
  'topics.regex': {
    ...topics,
    type: 'string',
    default: '',
    validate: validRegex,
    displayName: 'Topics regex',
    doc: 'Java regular expression that must match the entire name of each topic to consume. Use either topics or topics.regex.',
  },
  ...deadLetterConfig,
})

export type SinkConfig = Infer<typeof sinkConfig>

export function sinkConnectorConfig(known?: KnownClasses): ConfigDef {
  return { ...commonConfig(known), ...sinkConfig }
}
