import type { ConnectRecord } from '../../api/index.ts'
import type { RawRecord } from '../kafka/index.ts'

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
  /** Its bytes in Kafka, where they are at hand; of sinks. */
  readonly bytes?: RawRecord
}

export interface ConsumedPlace {
  readonly topic: string
  readonly partition: number
  readonly offset: number
  readonly timestamp: number
  readonly timestampType: string
}

/** What a conversion ends with: thrown by a stage that is more than one plugin's work. */
export class ConversionFailure {
  readonly stage: Stage
  readonly executingClass: string
  readonly error: unknown

  constructor(stage: Stage, executingClass: string, error: unknown) {
    this.stage = stage
    this.executingClass = executingClass
    this.error = error
  }
}

/** Hears of failed records, tolerated or not. */
export interface FailureReporter {
  /**
   * Takes a report, in order and at once. What it answers resolves once the report is safe, and rejects when it is
   * lost; undefined when nothing can go wrong any more.
   */
  report(failure: RecordFailure): Promise<void> | undefined
  /** Resolves when the next report can be taken; undefined when it can be right away. */
  room?(signal: AbortSignal): Promise<void> | undefined
  close?(): Promise<void>
}
