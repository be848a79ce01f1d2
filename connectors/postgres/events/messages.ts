import {
  OPTIONAL_BYTES,
  OPTIONAL_INT64,
  OPTIONAL_STRING,
  STRING,
  struct,
  type Schema,
  type SourceRecord,
} from '../../../api/index.ts'
import type { EventContext } from './context.ts'
import type { Change } from './records.ts'
import { transactionBlockSchema } from './schemas/envelope.ts'
import { sourceSchema } from './schemas/source.ts'
import { messageCollection } from './transaction-metadata.ts'

/** Value of `binary.handling.mode`. */
export type MessageEncoding = 'bytes' | 'base64' | 'base64-url-safe' | 'hex'

/** A message of pg_logical_emit_message. */
export interface EmittedMessage {
  readonly prefix: string
  readonly content: Buffer
}

const keySchema = struct(
  { prefix: OPTIONAL_STRING },
  { name: 'io.debezium.connector.postgresql.MessageKey', version: 1 },
)

const noTable = { schema: '', table: '' }

/** Returns the function that makes the records of logical messages. Source: LogicalDecodingMessageMonitor. */
export function messageRecords(
  context: EventContext,
  encoding: MessageEncoding,
): (message: EmittedMessage, change: Change) => SourceRecord {
  const { source, sourcePartition, topics } = context
  const valueSchema = messageSchema(encoding === 'bytes' ? OPTIONAL_BYTES : OPTIONAL_STRING)
  return ({ prefix, content }, change) => {
    const { origin, time, counter } = change
    const transaction = counter === null ? null : counter.count(messageCollection, origin.lsn)
    return {
      topic: topics.message,
      partition: null,
      keySchema,
      key: { prefix },
      valueSchema,
      value: {
        op: 'm',
        ts_ms: time.ms,
        source: source(origin, noTable, time),
        transaction,
        message: { prefix, content: encoded(content, encoding) },
      },
      timestamp: null,
      headers: [],
      sourcePartition,
      sourceOffset: change.offsets.after,
    }
  }
}

function messageSchema(content: Schema): Schema {
  return struct(
    {
      op: STRING,
      ts_ms: OPTIONAL_INT64,
      source: sourceSchema,
      transaction: transactionBlockSchema,
      message: struct(
        { prefix: OPTIONAL_STRING, content },
        { name: 'io.debezium.connector.postgresql.Message', version: 1 },
      ),
    },
    { name: 'io.debezium.connector.postgresql.MessageValue', version: 1 },
  )
}

/** Java's URL-safe encoder pads, and Node's does not. */
function encoded(content: Buffer, encoding: MessageEncoding): Buffer | string {
  if (encoding === 'bytes') return content
  if (encoding !== 'base64-url-safe') return content.toString(encoding)
  return content.toString('base64').replaceAll('+', '-').replaceAll('/', '_')
}
