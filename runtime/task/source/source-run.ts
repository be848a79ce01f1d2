import type { ConnectError, Delivery, Logger, SourceRecord, SourceTask } from '../../../api/index.ts'
import type { ErrorHandler } from '../../errors/index.ts'
import type { Producer } from '../../kafka/index.ts'
import type { ConverterWaits, WaitReports } from '../../pipeline/index.ts'
import type { Lease } from '../../timing/index.ts'
import type { Retries } from '../context/retries.ts'
import type { CommitSettings, PluginCalls } from '../ports.ts'
import { DeliveryHook } from './delivery-hook.ts'
import type { TransactionParts } from './exactly-once/ports.ts'
import type { LedgerEvents } from './batch-ticket.ts'
import type { StoreOffsets } from './offset-committer.ts'
import type { Poller } from './poller.ts'
import type { SourceSenderParts } from './source-sender.ts'

export interface SourceTaskParts extends SourceSenderParts {
  /** Makes stored offsets readable; called before the task is opened. */
  startOffsets(): Promise<void>
  /** Opens the connector's task; called when the task first runs. */
  open(): Promise<SourceTask>
  /** Shows long waits for converters. */
  readonly outages: WaitReports
  readonly className: string
  /** Connector and number of the task, for error messages: `c-0`. */
  readonly name: string
  readonly calls: PluginCalls
  readonly producer: Producer
  readonly store: StoreOffsets
  /** When given, records and offsets are written in transactions, and `store` is not used. */
  readonly transactions?: TransactionParts
  readonly settings: CommitSettings
  /** Held while no other worker may have the task. */
  readonly lease: Lease
  /** Extra time for records in flight at the end, beyond `offset.flush.timeout.ms`; milliseconds. */
  readonly finalFlushMs: number
  readonly retries: Retries
  readonly log: Logger
}

/** An opened task and the parts of its loop. */
export interface SourceRun {
  readonly task: SourceTask
  readonly parts: SourceTaskParts
  readonly poller: Poller
  readonly waits: ConverterWaits
  readonly hard: AbortSignal
  /** Aborted when no more batches may be sent. */
  readonly ended: AbortSignal
  /** Aborts `ended`. */
  end(reason: Error): void
}

/** Returns the ledger events that any kind of commit handles alike. */
export function ledgerEvents({ parts, end }: SourceRun): LedgerEvents {
  return {
    written: (count) => {
      parts.metrics.recordsOut += count
      parts.metrics.lastProgressAt = Date.now()
    },
    failed: (error) => {
      parts.producer.stop(error) // no record after the rejected one is written
      end(error)
    },
  }
}

/** Returns the queue for the `delivered` hook; undefined if the task has none. */
export function deliveryHook({ task, parts: { calls, log } }: SourceRun): DeliveryHook | undefined {
  if (task.delivered === undefined) return undefined
  const call = (deliveries: readonly Delivery[]) => calls.run(async () => task.delivered?.(deliveries))
  return new DeliveryHook(call, log)
}

/** Reports a record that Kafka rejected and that may be skipped. Source: WorkerSourceTask.producerSendFailed. */
export function reportRefused(
  handler: ErrorHandler,
  record: SourceRecord,
  error: ConnectError,
): Promise<void> {
  const executingClass = 'org.apache.kafka.connect.runtime.WorkerSourceTask'
  return handler.report({ stage: 'KAFKA_PRODUCE', executingClass, error, record })
}
