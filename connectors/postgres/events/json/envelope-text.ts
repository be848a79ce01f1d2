import { headraceVersion, type JsonFormat } from '../../../../api/index.ts'
import { jsonString } from '../../../../java/index.ts'
import type { Operation, TableName } from '../../ports.ts'
import type { EventOrigin } from '../ports.ts'
import type { ProcessingTime } from '../processing-time.ts'
import { transactionBlockSchema } from '../schemas/envelope.ts'
import { nanoseconds, sourceSchema } from '../schemas/source.ts'
import type { TransactionBlock } from '../transaction-metadata.ts'

/** Writes the envelope of an event as the JSON that the converter writes for its struct. */
export type EnvelopeText = (
  before: string,
  after: string,
  origin: EventOrigin,
  time: ProcessingTime,
  op: Operation,
  transaction: TransactionBlock | null,
) => string

/**
 * Returns the function that writes the envelopes of a table. The events of a transaction that are read together differ in
 * their rows and LSNs only, so the texts between are kept.
 */
export function envelopeText(
  topicPrefix: string,
  database: string,
  table: TableName,
  format: JsonFormat,
): EnvelopeText {
  const textsOf = constantTexts(topicPrefix, database, table, format)
  let known: Kept | undefined
  return (before, after, origin, time, op, transaction) => {
    if (known === undefined || !isSame(known, origin, time, op) || transaction !== null) {
      known = { ...origin, time, op, texts: textsOf(origin, time, op, transaction), uses: 0 }
    } else if (++known.uses === 1) {
      known.texts = known.texts.map(flat) as unknown as Texts
    }
    const [head, middle, tail] = known.texts
    const { lsn } = origin
    const position = origin.marker === 'incremental' || lsn === null ? 'null' : lsn
    if (transaction !== null) known = undefined
    return `{"before":${before},"after":${after}${head}${lsnText(lsn)}${middle}${position}${tail}`
  }
}

/** The parts of an envelope around its LSNs. */
type Texts = readonly [head: string, middle: string, tail: string]

interface Kept extends EventOrigin {
  readonly time: ProcessingTime
  readonly op: Operation
  texts: Texts
  uses: number
}

function isSame(known: Kept, origin: EventOrigin, time: ProcessingTime, op: Operation): boolean {
  return (
    known.time === time &&
    known.op === op &&
    known.txId === origin.txId &&
    known.lastCommitLsn === origin.lastCommitLsn &&
    known.timeUs === origin.timeUs &&
    known.marker === origin.marker &&
    known.xmin === origin.xmin &&
    known.origin === origin.origin &&
    known.originLsn === origin.originLsn
  )
}

/** Copies a text: one that was put together from parts is otherwise put together again with each event. */
const flat = (text: string): string => Buffer.from(text, 'utf8').toString('utf8')

function constantTexts(
  topicPrefix: string,
  database: string,
  { schema, table }: TableName,
  format: JsonFormat,
): (origin: EventOrigin, time: ProcessingTime, op: Operation, transaction: TransactionBlock | null) => Texts {
  const start = `,"source":{"version":${jsonString(headraceVersion)},"connector":"postgresql","name":${jsonString(topicPrefix)},"ts_ms":`
  const db = `,"db":${jsonString(database)},"sequence":"[`
  const names = `,"schema":${jsonString(schema)},"table":${jsonString(table)},"txId":`
  const markerOf = format.writerOf(sourceSchema.field('snapshot')!.schema)
  const writeTransaction = format.writerOf(transactionBlockSchema)
  return (origin, time, op, transaction) => {
    const incremental = origin.marker === 'incremental'
    const us = origin.timeUs ?? time.us
    const marker = markerOf(origin.marker === 'false' ? null : origin.marker)
    const head = `${start}${Math.floor(us / 1000)},"snapshot":${marker}${db}${lsnText(origin.lastCommitLsn)},`
    const middle = `]","ts_us":${us},"ts_ns":${nanoseconds(us)}${names}${incremental ? null : origin.txId},"lsn":`
    const replicated = `"origin":${origin.origin === null ? null : jsonString(origin.origin)},"origin_lsn":${origin.originLsn}}`
    const tail =
      `,"xmin":${incremental ? null : origin.xmin},${replicated},"transaction":${writeTransaction(transaction)}` +
      `,"op":"${op}","ts_ms":${time.ms},"ts_us":${time.us},"ts_ns":${time.ns}}`
    return [head, middle, tail]
  }
}

/** An LSN in the JSON array that is itself a JSON string. */
const lsnText = (lsn: number | null): string => (lsn === null ? 'null' : `\\"${lsn}\\"`)

const MARKER = '"snapshot":"'

/**
 * Replaces the marker in the envelope of an event. The last such text is in the source block: within strings, quotation
 * marks are escaped, and the rows precede the block.
 */
export function withMarker(envelope: string, marker: string): string {
  const start = envelope.lastIndexOf(MARKER) + MARKER.length
  return `${envelope.slice(0, start)}${marker}${envelope.slice(envelope.indexOf('"', start))}`
}
