import { INT64, OPTIONAL_INT64, type Schema, STRING, struct } from '../../../../api/index.ts'
import { schemaName, type NameAdjustment } from './name-adjustment.ts'
import { sourceSchema } from './source.ts'

/** Schema of the block that places an event in its transaction. Source: TransactionStructMaker. */
export const transactionBlockSchema = struct(
  { id: STRING, total_order: INT64, data_collection_order: INT64 },
  { optional: true, name: 'event.block', version: 1 },
)

/**
 * Returns the schema of the envelope of a table. `topic` is the topic of the table, from which all its schemas have their
 * names. Source: Envelope.
 */
export function envelopeSchema(topic: string, valueSchema: Schema, mode: NameAdjustment): Schema {
  return struct(
    {
      before: valueSchema,
      after: valueSchema,
      source: sourceSchema,
      transaction: transactionBlockSchema,
      op: STRING,
      ts_ms: OPTIONAL_INT64,
      ts_us: OPTIONAL_INT64,
      ts_ns: OPTIONAL_INT64,
    },
    { name: schemaName(`${topic}.Envelope`, mode), version: 2 },
  )
}
