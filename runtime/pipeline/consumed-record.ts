import type { ConnectRecord } from '../../api/index.ts'
import type { ConsumedPlace } from '../errors/index.ts'
import type { RawRecord, Segment } from '../kafka/index.ts'

/** A record as it lies in Kafka. */
export interface ConsumedRecord {
  readonly place: ConsumedPlace
  readonly bytes: RawRecord
}

/** The records that a segment's cursor walks over. */
type Cursor = Segment['records']

const batchKey = Symbol('headrace.batch')

/**
 * Lets a sink record find the batch that it was read from.
 *
 * A record keeps its whole batch in memory by that, so it is done only where bytes are wanted again.
 */
export function rememberBatch(record: ConnectRecord, batch: Cursor): void {
  ;(record as { [batchKey]?: Cursor })[batchKey] = batch
}

/** Lets what transforms made of a record find the same batch. */
export function passBatchOn(from: ConnectRecord, to: ConnectRecord): void {
  const batch = (from as { [batchKey]?: Cursor })[batchKey]
  if (batch !== undefined && from !== to) rememberBatch(to, batch)
}

/** What the cursor stands on. */
export function consumedAt(topic: string, partition: number, cursor: Cursor): ConsumedRecord {
  const { bytes, offset, timestamp, timestampType, headers } = cursor
  const key = slice(bytes, cursor.keyStart, cursor.keyLength)
  const value = slice(bytes, cursor.valueStart, cursor.valueLength)
  return {
    place: { topic, partition, offset, timestamp, timestampType },
    bytes: { key, value, timestamp, headers },
  }
}

/** A key or value; null where its length says so. */
const slice = (bytes: Buffer, start: number, length: number): Buffer | null =>
  length < 0 ? null : bytes.subarray(start, start + length)

/** Finds the records in Kafka that the sink records of a task came from. */
export class ConsumedRecords {
  /** Failures come in order mostly, so the next one is looked for from where the last one was found. */
  #last: { readonly batch: Cursor; readonly cursor: Cursor } | undefined

  /** Undefined when the record's batch was not remembered, as of a record that a plugin made anew. */
  find(record: ConnectRecord): ConsumedRecord | undefined {
    const { [batchKey]: batch, originalTopic, originalPartition, originalOffset } = record as Partial<Origin>
    if (batch === undefined || originalTopic === undefined || originalPartition === undefined)
      return undefined
    const cursor = this.#cursor(batch, originalOffset ?? -1)
    let found = cursor.offset === originalOffset
    while (!found && cursor.next()) found = cursor.offset === originalOffset
    return found ? consumedAt(originalTopic, originalPartition, cursor) : undefined
  }

  #cursor(batch: Cursor, offset: number): Cursor {
    const last = this.#last
    if (last?.batch === batch && last.cursor.offset <= offset) return last.cursor
    const cursor = batch.fromStart()
    cursor.next()
    this.#last = { batch, cursor }
    return cursor
  }
}

interface Origin {
  readonly [batchKey]: Cursor
  readonly originalTopic: string
  readonly originalPartition: number
  readonly originalOffset: number
}
