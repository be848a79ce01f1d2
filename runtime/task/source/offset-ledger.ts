import type { ConnectError, SourceOffset, SourcePartition, SourceRecord } from '../../../api/index.ts'
import { Changes } from '../../timing/index.ts'
import { BatchRuns } from './batch-runs.ts'
import { BatchTicket, type LedgerEvents, type TicketLedger } from './batch-ticket.ts'
import { checkOffset, partitionKey } from './offset-format.ts'
import { PartitionOffsets } from './partition-offsets.ts'

/** Offsets that may be stored, by the text of their partition. */
export type CommittableOffsets = Map<string, readonly [SourcePartition | null, SourceOffset | null]>

/**
 * Settled records in batches that still have a pending one. Each takes about 20 bytes, and its offset where no later
 * one stands for it. A task polls no further while there are more: Kafka has not taken a record for very long.
 */
export const MOST_SETTLED_BEHIND = 500_000

/**
 * Which source offsets may be stored: per source partition, those up to the first record that Kafka has not
 * acknowledged. A dropped record neither holds up nor moves an offset.
 *
 * Invariant 1: no offset is given out before its record and all before it in its partition are acknowledged.
 * Invariant 2: the offsets of a partition are given out in the order of its records.
 * Invariant 3: a record that Kafka did not take ends the task, unless it is tolerated.
 * Source: SubmittedRecords.
 */
export class OffsetLedger {
  readonly #events: LedgerEvents
  readonly #owner: string
  readonly #changes = new Changes()
  /** Source partitions with offsets that are not given out yet, by key. */
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

  /** A record that was not taken and may not be passed over; the task is to end with it. */
  get failure(): ConnectError | undefined {
    return this.#failure
  }

  /** Records that are neither acknowledged nor dropped, and may still be. */
  get pending(): number {
    return this.#pending
  }

  /** Whether too much waits for a pending record: see {@link MOST_SETTLED_BEHIND}. */
  get full(): boolean {
    return this.#settledBehind > MOST_SETTLED_BEHIND
  }

  /**
   * Takes up a polled batch; each record is to be acknowledged, failed or dropped by its index.
   *
   * Throws `HR_DATA_INVALID` when a source partition or offset cannot be stored; then none of the batch counts as polled.
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

  /** Takes the offsets that may be stored now. What cannot be stored is to be given back. */
  take(): CommittableOffsets {
    for (const partition of this.#partitions.values()) this.#collect(partition)
    const offsets = this.#committable
    this.#committable = new Map()
    return offsets
  }

  /** Offsets that could not be stored; newer ones win. */
  giveBack(offsets: CommittableOffsets): void {
    this.#committable = new Map([...offsets, ...this.#committable])
  }

  /** Resolves to true when nothing is pending, to false when that takes too long or the signal is aborted. */
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
      gaveUp: (count) => this.#settled(count),
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

  /** Divides a batch into the runs of its source partitions, and checks that all can be stored. */
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
