import type {
  ConnectError,
  SourceOffset,
  SourcePartition,
  SourceRecord,
  StoredOffset,
} from '../../../api/index.ts'
import { Changes } from '../../timing/index.ts'
import { BatchRuns } from './batch-runs.ts'
import { BatchTicket, type LedgerEvents, type TicketLedger } from './batch-ticket.ts'
import { checkOffset, partitionKey } from './offset-format.ts'
import { PartitionOffsets } from './partition-offsets.ts'

/** Committable offsets, by the key of their partition. */
export type CommittableOffsets = Map<string, readonly [SourcePartition | null, SourceOffset | null]>

/**
 * Maximum number of settled records in batches that still have a pending record. Each takes about 20 bytes,
 * plus its offset unless a later one supersedes it. Polling pauses while there are more: Kafka has not
 * acknowledged a record for a long time.
 */
export const MOST_SETTLED_BEHIND = 500_000

/**
 * Tracks committable source offsets: per source partition, those up to the first record that Kafka has not
 * acknowledged. A dropped record neither holds back nor advances an offset.
 *
 * Differs: the offset of adjacent records of a batch that share one offset object, such as a delete and its tombstone,
 * becomes committable with the last of them. In Java the first is enough, and a crash between the two loses the second.
 *
 * Invariant 1: no offset is committable before its record and all earlier ones of its partition are
 * acknowledged.
 * Invariant 2: the offsets of a partition become committable in the order of its records.
 * Invariant 3: a record that Kafka rejects ends the task, unless the error is tolerated.
 * Source: SubmittedRecords.
 */
export class OffsetLedger {
  readonly #events: LedgerEvents
  readonly #owner: string
  readonly #changes = new Changes()
  /** Source partitions with offsets that are not committable yet, by key. */
  readonly #partitions = new Map<string, PartitionOffsets>()
  readonly #ticketLedger: TicketLedger = this.#forTickets()
  #committable: CommittableOffsets = new Map()
  #pending = 0
  #settledBehind = 0
  #failure: ConnectError | undefined

  /** `owner` names the task in error messages. */
  constructor(events: LedgerEvents, owner: string) {
    this.#events = events
    this.#owner = owner
  }

  /** The error of a rejected record that may not be skipped; it ends the task. */
  get failure(): ConnectError | undefined {
    return this.#failure
  }

  /** Number of records that are neither acknowledged nor dropped, but still may be. */
  get pending(): number {
    return this.#pending
  }

  /** Whether every record was acknowledged or dropped. Abandoned ones were not: the task must return them again. */
  get settled(): boolean {
    return this.#pending === 0 && this.#partitions.size === 0 && this.#failure === undefined
  }

  /** Whether more records than {@link MOST_SETTLED_BEHIND} are held back by a pending record. */
  get full(): boolean {
    return this.#settledBehind > MOST_SETTLED_BEHIND
  }

  /**
   * Adds a polled batch; each record must then be acknowledged, failed or dropped by its index.
   *
   * Throws `HR_DATA_INVALID` when a source partition or offset cannot be stored; the whole batch then counts
   * as not polled.
   */
  open(records: readonly SourceRecord[]): BatchTicket {
    const batch = this.#divide(records)
    for (const run of batch.runs) {
      run.seal()
      run.partition.append(run)
      this.#partitions.set(run.partition.key, run.partition)
    }
    this.#pending += records.length
    return new BatchTicket(records, batch, this.#events, this.#ticketLedger)
  }

  /**
   * Makes offsets committable that no record carries, after those of all records so far. Call it only while the
   * ledger is {@link settled}.
   *
   * Throws `HR_DATA_INVALID` when one of them cannot be stored; none is added then.
   */
  advance(offsets: readonly StoredOffset[]): void {
    const entries = offsets.map(([partition, offset]) => {
      checkOffset(this.#owner, offset)
      return [partitionKey(this.#owner, partition), [partition, offset]] as const
    })
    for (const [key, entry] of entries) this.#committable.set(key, entry)
  }

  /** Takes the committable offsets. The caller gives back those that it cannot store. */
  take(): CommittableOffsets {
    for (const partition of this.#partitions.values()) this.#collect(partition)
    const offsets = this.#committable
    this.#committable = new Map()
    return offsets
  }

  /** Returns offsets to the ledger that could not be stored; newer ones take precedence. */
  giveBack(offsets: CommittableOffsets): void {
    this.#committable = new Map([...offsets, ...this.#committable])
  }

  /** Resolves to true when no records are pending, and to false on a timeout or abort. */
  drained(timeoutMs: number, signal: AbortSignal): Promise<boolean> {
    return this.#changes.waitFor(() => this.#pending === 0, timeoutMs, signal)
  }

  /** Resolves when the ledger is no longer {@link full}; rejects with the reason of the signal. */
  room(signal: AbortSignal): Promise<void> {
    return this.#changes.until(() => !this.full, signal)
  }

  #forTickets(): TicketLedger {
    return {
      settled: (count) => {
        this.#settledBehind += count
        this.#settled(count)
      },
      closed: (count) => {
        this.#settledBehind -= count
      },
      completed: (run) => {
        if (run.partition.completed(run)) this.#collect(run.partition)
      },
      abandoned: (count) => this.#settled(count),
      failed: (error) => this.#fail(error),
    }
  }

  #collect(partition: PartitionOffsets): void {
    const last = partition.take()
    if (last !== undefined) this.#committable.set(partition.key, [partition.partition, last])
    if (partition.empty) this.#partitions.delete(partition.key)
  }

  #settled(count: number): void {
    this.#pending -= count
    this.#changes.notify()
  }

  #fail(error: ConnectError): void {
    if (this.#failure !== undefined) return
    this.#failure = error
    this.#events.failed?.(error)
  }

  /**
   * Divides a batch into runs by source partition, and checks that all partitions and offsets can be stored.
   */
  #divide(records: readonly SourceRecord[]): BatchRuns {
    const runs = new BatchRuns(records.length, (partition) => {
      const key = partitionKey(this.#owner, partition)
      return this.#partitions.get(key) ?? new PartitionOffsets(key, partition)
    })
    for (const { sourcePartition, sourceOffset } of records) {
      checkOffset(this.#owner, sourceOffset)
      runs.add(sourcePartition, sourceOffset)
    }
    return runs
  }
}
