import type { ConnectRecord } from '../../api/index.ts'
import type { RawRecord } from '../kafka/index.ts'

/** The stage in which a record failed. Source: org.apache.kafka.connect.runtime.errors.Stage. */
export type Stage =
  | 'TASK_POLL'
  | 'TASK_PUT'
  | 'TRANSFORMATION'
  | 'KEY_CONVERTER'
  | 'VALUE_CONVERTER'
  | 'HEADER_CONVERTER'
  | 'KAFKA_PRODUCE'
  | 'KAFKA_CONSUME'

/** A record that could not be processed, with all that is known about it. */
export interface RecordFailure {
  readonly stage: Stage
  /** Class of the plugin that failed. */
  readonly executingClass: string
  readonly error: unknown
  /**
   * The record as polled from the source or converted from Kafka; undefined when it could not be converted.
   */
  readonly record: ConnectRecord | undefined
  /** Its position in Kafka; sinks only. */
  readonly consumed?: ConsumedPlace
  /** Its bytes in Kafka, when available; sinks only. */
  readonly bytes?: RawRecord
}

export interface ConsumedPlace {
  readonly topic: string
  readonly partition: number
  readonly offset: number
  readonly timestamp: number
  readonly timestampType: string
}

/** Thrown by a conversion that involves several plugins, to identify the one that failed. */
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

/** Ends an attempt to convert a record that will be read again later. It does not count as a failure of the record. */
export class ConversionInterrupted extends Error {
  constructor() {
    super('waiting for a converter was interrupted')
  }
}

/** Receives failed records, tolerated or not. */
export interface FailureReporter {
  /**
   * Accepts a report synchronously, in order. The returned promise resolves once the report is safe, and
   * rejects when it is lost; undefined means that the report is already safe.
   */
  report(failure: RecordFailure): Promise<void> | undefined
  /** Resolves when the reporter has room for another report; undefined when it has room already. */
  room?(signal: AbortSignal): Promise<void> | undefined
  close?(): Promise<void>
}
