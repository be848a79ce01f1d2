import { randomUUID } from 'node:crypto'
import { STRING, type Header, type JsonFormat, type SourcePartition } from '../../../api/index.ts'
import type { ColumnRules } from '../config/column-rules.ts'
import type { PostgresConfig } from '../config/definition.ts'
import type { Column, ColumnReader, Operation, RowOrigin, Table } from '../ports.ts'
import type { NameAdjustment } from './schemas/name-adjustment.ts'
import { sourceBlock, type SourceBlock } from './schemas/source.ts'
import { topicNames, type TopicNames, type TopicSettings } from './topic-names.ts'

/** The settings that decide what events look like. The names follow those of the connector's settings. */
export interface EventSettings extends TopicSettings {
  readonly database: string
  readonly schemaNameAdjustment: NameAdjustment
  readonly fieldNameAdjustment: NameAdjustment
  /** `skipped.operations`; empty for `none`. */
  readonly skippedOperations: ReadonlySet<Operation>
  readonly tombstonesOnDelete: boolean
  readonly skipMessagesWithoutChange: boolean
  readonly extendedHeadersEnabled: boolean
}

/** Which columns of a table become fields. */
export type FieldRules = Pick<ColumnRules, 'capturesColumn' | 'keyColumns'>

/** Where a reader's field is. Masks and `column.propagate.source.type` do not apply to keys. */
export type FieldRole = 'key' | 'value'

/** Returns the reader of a column; undefined if its type is not supported, and it is left out. */
export type ReaderOf = (
  column: Column,
  table: Table,
  origin: RowOrigin,
  role: FieldRole,
) => ColumnReader | undefined

/** What all events of a started task have in common. */
export interface EventContext {
  readonly settings: EventSettings
  readonly columns: FieldRules
  readonly readerOf: ReaderOf
  readonly topics: TopicNames
  readonly sourcePartition: SourcePartition
  readonly source: SourceBlock
  /** Headers of all records of tables. */
  readonly headers: readonly Header[]
  /** How values are written as JSON, if they go to a JSON converter without transforms. */
  readonly json: JsonFormat | undefined
}

/** Returns the settings of events. `skippedOperations` are those of the capture rules. */
export function eventSettings(
  config: PostgresConfig,
  skippedOperations: ReadonlySet<Operation>,
): EventSettings {
  return {
    topicPrefix: config['topic.prefix'],
    topicDelimiter: config['topic.delimiter'],
    heartbeatPrefix: config['topic.heartbeat.prefix'],
    heartbeatName: config['topic.heartbeat.name'],
    transactionName: config['topic.transaction'],
    database: config['database.dbname'],
    schemaNameAdjustment: config['schema.name.adjustment.mode'],
    fieldNameAdjustment: config['field.name.adjustment.mode'],
    skippedOperations,
    tombstonesOnDelete: config['tombstones.on.delete'],
    skipMessagesWithoutChange: config['skip.messages.without.change'],
    extendedHeadersEnabled: config['extended.headers.enabled'],
  }
}

/** Creates the context of the events of a task. Each start of a task has its own run ID. */
export function eventContext(
  settings: EventSettings,
  columns: FieldRules,
  readerOf: ReaderOf,
  runId: string = randomUUID(),
  json?: JsonFormat,
): EventContext {
  return {
    settings,
    columns,
    readerOf,
    topics: topicNames(settings),
    sourcePartition: { server: settings.topicPrefix },
    source: sourceBlock(settings.topicPrefix, settings.database),
    headers: settings.extendedHeadersEnabled ? contextHeaders(settings.topicPrefix, runId) : [],
    json,
  }
}

/** Source: DebeziumHeaderProducer. */
function contextHeaders(topicPrefix: string, runId: string): readonly Header[] {
  const values = {
    connectorLogicalName: topicPrefix,
    taskId: '0',
    connectorName: 'postgresql',
    runId,
  }
  return Object.entries(values).map(([name, value]) => ({
    key: `__debezium.context.${name}`,
    schema: STRING,
    value,
  }))
}
