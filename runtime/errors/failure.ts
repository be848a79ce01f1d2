import type { ConnectRecord } from '../../api/index.ts'

/** Where on its way a record failed. Source: org.apache.kafka.connect.runtime.errors.Stage. */
export type Stage =
  | 'TASK_POLL'
  | 'TASK_PUT'
  | 'TRANSFORMATION'
  | 'KEY_CONVERTER'
  | 'VALUE_CONVERTER'
  | 'HEADER_CONVERTER'
  | 'KAFKA_PRODUCE'
  | 'KAFKA_CONSUME'

/** One record that could not be processed, with all that is known of it. */
export interface RecordFailure {
  readonly stage: Stage
  /** Class of the plugin that was at work. */
  readonly executingClass: string
  readonly error: unknown
  /** The record as it came from its source, or from Kafka where it could be read at all. */
  readonly record: ConnectRecord | undefined
  /** Where it lies in Kafka; of sinks. */
  readonly consumed?: ConsumedPlace
}

export interface ConsumedPlace {
  readonly topic: string
  readonly partition: number
  readonly offset: number
  readonly timestamp: number
  readonly timestampType: string
}

/** Hears of failed records, tolerated or not. */
export interface FailureReporter {
  /** Resolves once the report is safe; a rejection fails the task. */
  report(failure: RecordFailure): void | Promise<void>
  close?(): Promise<void>
}
