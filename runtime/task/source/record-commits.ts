import type { ConnectError, SourceRecord } from '../../../api/index.ts'

/**
 * Sends polled batches, and stores their offsets: `at-least-once.ts` once Kafka has the records, `exactly-once.ts` in the
 * same transaction.
 *
 * The loop of the task calls one method at a time. Source: WorkerSourceTask and ExactlyOnceWorkerSourceTask.
 */
export interface RecordCommits {
  /** The error of a record that Kafka rejected, which ends the task. */
  readonly failure: ConnectError | undefined
  /** Milliseconds until {@link commitDue} has something to do; `Infinity` while nothing is due. */
  readonly dueInMs: number
  /** Starts the work that goes on beside the loop, until the task ends. */
  start(): void
  /** Back-pressure: waits and resolves to true if too many records await Kafka or a hook of the task. */
  hadToWait(): Promise<boolean>
  /** Sends a polled batch. Throws the error that ends the task. */
  send(records: readonly SourceRecord[]): Promise<void>
  /** Called while no poll is in progress and the last one has returned no records. Throws the error that ends the task. */
  polledNothing(): Promise<void>
  /** Commits if that is due now. Throws the error that ends the task. */
  commitDue(): Promise<void>
  /** Called when the task is paused, before it rests. Throws the error that ends the task. */
  paused(): Promise<void>
  /**
   * Commits what may be committed at the end. The hooks of the task are called for all committed records before the
   * task is closed. `stopped`: the task has not failed. Throws the error of a commit that failed.
   */
  finish(stopped: boolean): Promise<void>
  /** Returns the error to throw for {@link failure}. */
  explained(failure: ConnectError): ConnectError
}
