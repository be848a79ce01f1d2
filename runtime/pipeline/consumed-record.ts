import type { ConnectRecord } from '../../api/index.ts'
import type { ConsumedPlace } from '../errors/index.ts'
import type { RawRecord, Segment } from '../kafka/index.ts'

/** A record as stored in Kafka. */
export interface ConsumedRecord {
  readonly place: ConsumedPlace
  readonly bytes: RawRecord
}

/** Iterates over the records of a segment. */
type Cursor = Segment['records']

const batchKey = Symbol('headrace.batch')

/**
 * Links a sink record to the batch that it was read from.
 *
 * The record then keeps its whole batch in memory, so this is done only when its bytes are needed later.
 */
export function rememberBatch(record: ConnectRecord, batch: Cursor): void {
  ;(record as { [batchKey]?: Cursor })[batchKey] = batch
}

/** Links the result of a transform to the batch of the original record. */
export function copyBatchRef(from: ConnectRecord, to: ConnectRecord): void {
  const batch = (from as { [batchKey]?: Cursor })[batchKey]
  if (batch !== undefined && from !== to) rememberBatch(to, batch)
}

/** Returns the record at the cursor. */
export function consumedAt(topic: string, partition: number, cursor: Cursor): ConsumedRecord {
  const { bytes, offset, timestamp, timestampType, headers } = cursor
  const key = slice(bytes, cursor.keyStart, cursor.keyLength)
  const value = slice(bytes, cursor.valueStart, cursor.valueLength)
  return {
    place: { topic, partition, offset, timestamp, timestampType },
    bytes: { key, value, timestamp, headers },
  }
}

/** A key or value; null when the length is negative. */
const slice = (bytes: Buffer, start: number, length: number): Buffer | null =>
  length < 0 ? null : bytes.subarray(start, start + length)

/** Finds the consumed records that the sink records of a task came from. */
export class ConsumedRecords {
  /** The last match: failures mostly come in order, so the next search continues from it. */
  #last: { readonly batch: Cursor; readonly cursor: Cursor } | undefined

  /** Returns undefined when the record is not linked to a batch, for example because a plugin created it. */
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
