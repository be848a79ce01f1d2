import type { TableName } from '../ports.ts'

/** The settings that name topics. */
export interface TopicSettings {
  /** `topic.prefix`. */
  readonly topicPrefix: string
  /** `topic.delimiter`. */
  readonly topicDelimiter: string
  /** `topic.heartbeat.prefix`, or its old name `heartbeat.topics.prefix`. */
  readonly heartbeatPrefix: string
  /** `topic.heartbeat.name`; replaces the whole name. Null or empty if not set. */
  readonly heartbeatName: string | null
  /** `topic.transaction`. */
  readonly transactionName: string
}

/** The topics of a connector. */
export interface TopicNames {
  table(table: TableName): string
  readonly heartbeat: string
  readonly transaction: string
  /** Topic of logical messages. */
  readonly message: string
}

/** Longest name of a topic. Source: org.apache.kafka.common.internals.Topic. */
const MAX_LENGTH = 249

/**
 * Returns the names of the topics. Characters that Kafka does not allow become underscores, and long names are cut. The
 * topic of logical messages ignores `topic.delimiter`.
 *
 * Source: SchemaTopicNamingStrategy, AbstractTopicNamingStrategy, LogicalDecodingMessageMonitor.
 */
export function topicNames(settings: TopicSettings): TopicNames {
  const { topicPrefix, topicDelimiter, heartbeatPrefix, heartbeatName, transactionName } = settings
  const join = (...parts: readonly string[]): string =>
    sanitizedTopic(parts.filter((part) => part.trim() !== '').join(topicDelimiter))
  return {
    table: ({ schema, table }) => join(topicPrefix, schema, table),
    heartbeat: sanitizedTopic(
      heartbeatName === null || heartbeatName.trim() === ''
        ? [heartbeatPrefix, topicPrefix].join(topicDelimiter)
        : heartbeatName,
    ),
    transaction: sanitizedTopic([topicPrefix, transactionName].join(topicDelimiter)),
    message: sanitizedTopic(`${topicPrefix}.message`),
  }
}

/** Replaces what is not allowed in the name of a topic. Source: TopicNamingStrategy.sanitizedTopicName. */
export function sanitizedTopic(name: string): string {
  if (name === '.' || name === '..') return name.replaceAll('.', '_')
  return name.replaceAll(/[^A-Za-z0-9._-]/g, '_').slice(0, MAX_LENGTH)
}
