import {
  array,
  INT64,
  OPTIONAL_INT64,
  STRING,
  struct,
  type OffsetValue,
  type SourceOffset,
  type SourceRecord,
} from '../../../api/index.ts'
import type { Lsn } from '../ports.ts'
import type { EventContext } from './context.ts'
import { hashCapacity, inHashOrder } from './hash-order.ts'

/** Places an event in its transaction: the struct of the schema `event.block`. */
export interface TransactionBlock {
  readonly id: string
  readonly total_order: number
  readonly data_collection_order: number
}

/** Counts the events of a transaction. */
export interface EventCounter {
  /** Counts an event, and returns its place in the transaction. */
  count(collection: string, lsn: Lsn | null): TransactionBlock
}

/** Name of the collection of logical messages. Differs: it is the same for all messages, so that they are counted together. */
export const messageCollection = 'LOGICAL_DECODING_MESSAGE'

/** The name that Debezium gives this collection ends with a number that changes with each message. */
const DEBEZIUM_MESSAGES = /LogicalDecodingMessageId@[0-9a-f]+$/

const TRANSACTION_ID = 'transaction_id'
const COLLECTION_PREFIX = 'transaction_data_collection_order_'

const keySchema = struct(
  { id: STRING },
  { name: 'io.debezium.connector.common.TransactionMetadataKey', version: 1 },
)

const collectionSchema = struct(
  { data_collection: STRING, event_count: INT64 },
  { name: 'event.collection', version: 1, optional: true },
)

const valueSchema = struct(
  {
    status: STRING,
    id: STRING,
    event_count: OPTIONAL_INT64,
    data_collections: array(collectionSchema, { optional: true }),
    ts_ms: INT64,
  },
  { name: 'io.debezium.connector.common.TransactionMetadataValue', version: 1 },
)

/**
 * Counts the events of the running transaction, and makes the records of its begin and end. The counts are a part of the
 * offsets, so that a restart within a transaction continues them.
 *
 * A restart within a transaction does not repeat the record of its begin, and logical messages are one collection with a
 * stable name. Source: TransactionMonitor, TransactionContext.
 */
export class TransactionMetadata implements EventCounter {
  readonly #context: EventContext
  readonly #counts = new Map<string, number>()
  #capacity = hashCapacity(0)
  #xid: string | null = null
  #total = 0
  #resumed = false

  /** `offset` is the stored one, with which the stream starts. */
  constructor(context: EventContext, offset?: SourceOffset) {
    this.#context = context
    const xid = offset?.[TRANSACTION_ID]
    if (offset === undefined || xid === undefined || xid === null) return
    this.#xid = String(xid)
    // an offset after the end of a transaction still has its counts
    this.#resumed = offset['messageType'] !== 'COMMIT'
    for (const [key, value] of Object.entries(offset)) {
      if (key.startsWith(COLLECTION_PREFIX)) this.#add(key.slice(COLLECTION_PREFIX.length), Number(value))
    }
  }

  /**
   * Begins a transaction. Returns the record of its begin; undefined if the stream continues within this transaction.
   * `timeUs` is the commit time, `offset` is called after the counts were reset.
   */
  begin(xid: number, lsn: Lsn, timeUs: number, offset: () => SourceOffset): SourceRecord | undefined {
    const continues = this.#resumed && this.#xid === String(xid)
    this.#resumed = false
    if (continues) return undefined
    this.#reset()
    this.#xid = String(xid)
    return this.#record('BEGIN', lsn, timeUs, offset())
  }

  count(collection: string, lsn: Lsn | null): TransactionBlock {
    return {
      id: this.#id(lsn),
      data_collection_order: this.#add(collection, 1),
      total_order: this.#total,
    }
  }

  /** Ends the transaction. Returns the record of its end. `offset` is called before the counts are reset. */
  end(lsn: Lsn, timeUs: number, offset: () => SourceOffset): SourceRecord {
    const record = this.#record('END', lsn, timeUs, offset())
    this.#reset()
    return record
  }

  /** Returns the keys of offsets; undefined outside of transactions. Source: TransactionContext.store. */
  offsetKeys(): Readonly<Record<string, OffsetValue>> | undefined {
    if (this.#xid === null) return undefined
    const keys: [string, OffsetValue][] = [[TRANSACTION_ID, this.#xid]]
    for (const [collection, count] of this.#counts) keys.push([COLLECTION_PREFIX + collection, count])
    return Object.fromEntries(keys)
  }

  #id(lsn: Lsn | null): string {
    return `${this.#xid}:${lsn}`
  }

  #add(name: string, events: number): number {
    const collection = DEBEZIUM_MESSAGES.test(name) ? messageCollection : name
    const count = (this.#counts.get(collection) ?? 0) + events
    this.#counts.set(collection, count)
    this.#total += events
    return count
  }

  #reset(): void {
    this.#capacity = hashCapacity(this.#counts.size, this.#capacity)
    this.#counts.clear()
    this.#total = 0
    this.#xid = null
  }

  #record(status: 'BEGIN' | 'END', lsn: Lsn, timeUs: number, sourceOffset: SourceOffset): SourceRecord {
    const { topics, sourcePartition } = this.#context
    const id = this.#id(lsn)
    const ended = status === 'END'
    return {
      topic: topics.transaction,
      partition: null,
      keySchema,
      key: { id },
      valueSchema,
      value: {
        status,
        id,
        event_count: ended ? this.#total : null,
        data_collections: ended ? this.#collections() : null,
        ts_ms: Math.floor(timeUs / 1000),
      },
      timestamp: null,
      headers: [],
      sourcePartition,
      sourceOffset,
    }
  }

  #collections(): { readonly data_collection: string; readonly event_count: number }[] {
    return inHashOrder(this.#counts, this.#capacity).map(([name, count]) => ({
      data_collection: name,
      event_count: count,
    }))
  }
}
