import {
  headraceVersion,
  INT64,
  OPTIONAL_INT64,
  OPTIONAL_STRING,
  primitive,
  STRING,
  struct,
} from '../../../../api/index.ts'
import type { Lsn, TableName } from '../../ports.ts'
import type { EventOrigin } from '../ports.ts'
import type { ProcessingTime } from '../processing-time.ts'

/** Schema of the source block of all events. Source: PostgresSourceInfoStructMaker. */
export const sourceSchema = struct(
  {
    version: STRING,
    connector: STRING,
    name: STRING,
    ts_ms: INT64,
    snapshot: primitive('string', {
      optional: true,
      name: 'io.debezium.data.Enum',
      version: 1,
      parameters: {
        allowed: 'true,first,first_in_data_collection,last_in_data_collection,last,false,incremental',
      },
      defaultValue: 'false',
    }),
    db: STRING,
    sequence: OPTIONAL_STRING,
    ts_us: OPTIONAL_INT64,
    ts_ns: OPTIONAL_INT64,
    schema: STRING,
    table: STRING,
    txId: OPTIONAL_INT64,
    lsn: OPTIONAL_INT64,
    xmin: OPTIONAL_INT64,
    origin: OPTIONAL_STRING,
    origin_lsn: OPTIONAL_INT64,
  },
  { name: 'io.debezium.connector.postgresql.Source', version: 1 },
)

/** Creates source blocks. The names are empty in events without a table. */
export type SourceBlock = (
  origin: EventOrigin,
  { schema, table }: TableName,
  time: ProcessingTime,
) => Readonly<Record<string, unknown>>

/**
 * Returns the function that creates the source blocks of one connector. An event without a time gets the current one.
 *
 * Differs: `version` is that of Headrace.
 */
export function sourceBlock(topicPrefix: string, database: string): SourceBlock {
  let timeUs = -1
  let timeMs = 0
  let timeNs: number | bigint = 0
  return (origin, { schema, table }, time) => {
    const us = origin.timeUs ?? time.us
    if (us !== timeUs) {
      // the events of a transaction share their time
      timeUs = us
      timeMs = Math.floor(us / 1000)
      timeNs = nanoseconds(us)
    }
    const incremental = origin.marker === 'incremental'
    return {
      version: headraceVersion,
      connector: 'postgresql',
      name: topicPrefix,
      ts_ms: timeMs,
      // 'false' is the default of the field, and Debezium leaves it out
      snapshot: origin.marker === 'false' ? null : origin.marker,
      db: database,
      sequence: sequence(origin),
      ts_us: us,
      ts_ns: timeNs,
      schema,
      table,
      txId: incremental ? null : origin.txId,
      lsn: incremental ? null : origin.lsn,
      xmin: incremental ? null : origin.xmin,
      origin: origin.origin,
      origin_lsn: origin.originLsn,
    }
  }
}

/** Returns nanoseconds in the form of an INT64. */
export function nanoseconds(us: number): number | bigint {
  const ns = BigInt(us) * 1000n
  return ns <= BigInt(Number.MAX_SAFE_INTEGER) && ns >= BigInt(Number.MIN_SAFE_INTEGER) ? Number(ns) : ns
}

function sequence({ lastCommitLsn, lsn }: EventOrigin): string {
  return `[${quoted(lastCommitLsn)},${quoted(lsn)}]`
}

function quoted(lsn: Lsn | null): string {
  return lsn === null ? 'null' : `"${lsn}"`
}
