import type { TransactionalProducer } from '../../../kafka/index.ts'
import type { PartitionOffsetEntry } from '../../../stores/index.ts'
import type { TransactionBoundary } from './transaction-boundary.ts'
import type { TransactionRequests } from './transaction-requests.ts'

/** The parts of a source task that writes its records and offsets in transactions. */
export interface TransactionParts {
  /** Initialized before the task is opened. */
  readonly producer: TransactionalProducer
  readonly boundary: TransactionBoundary
  /** The requests of the task; undefined unless the connector defines the boundaries. */
  readonly requests: TransactionRequests | undefined
  /** The topic that has the offsets of the task. */
  readonly offsetsTopic: string
  /** Adds offsets to the transaction of the producer. Resolves once they are appended. */
  append(offsets: readonly PartitionOffsetEntry[]): Promise<void>
  /** Called when a transaction with these offsets has been committed. Never rejects. */
  committed(offsets: readonly PartitionOffsetEntry[]): Promise<void>
}
