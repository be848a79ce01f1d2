import type { ConfigDef, Infer } from './config/index.ts'
import type { Schema } from './data/index.ts'
import type { Logger } from './logger.ts'
import type { ConnectRecord } from './record.ts'

/** One step of a chain, made once per task. Returns the record itself when it changes nothing, null to drop it. */
export interface TransformStep {
  /**
   * Changes one record. Never called concurrently with itself.
   *
   * A thrown error is handled by `errors.*`; a retriable one is tried again.
   */
  apply<R extends ConnectRecord>(record: R): R | null
  /**
   * Changes the records of a batch, in order; called in place of `apply` where it is there. For steps that cannot but
   * wait: they do it once a batch. Resolves to one result a record, and never rejects on account of one.
   */
  applyAll?<R extends ConnectRecord>(records: readonly R[]): Promise<readonly StepResult<R>[]>
  /** Called once, when the task ends. */
  close?(): void
}

/** What a step may use of the worker; a transform that is tried out by itself has none. */
export interface TransformContext {
  readonly log: Logger
}

/** What a step made of one record of a batch; a null record is dropped. */
export type StepResult<R> = { readonly record: R | null } | { readonly error: unknown }

/**
 * Changes records one by one, between the connector and the converters.
 *
 * Source: Transformation (KIP-66). Differs: the configuration arrives typed, and a step is a value, not a class.
 */
export interface Transform<D extends ConfigDef = ConfigDef> {
  readonly kind: 'transformation'
  /** Class name in connector configs; `…$Key` and `…$Value` for the two halves of a field transform. */
  readonly name: string
  readonly version: string
  readonly config: D
  /** Throws `HR_CONFIG_INVALID` when settings contradict each other. */
  create(config: Infer<D>, context?: TransformContext): TransformStep
}

/** Tells records apart for a transform's `predicate` setting. Source: Predicate (KIP-585). */
export interface Predicate<D extends ConfigDef = ConfigDef> {
  readonly kind: 'predicate'
  readonly name: string
  readonly version: string
  readonly config: D
  /** Answers what tells whether the predicate holds for a record. */
  create(config: Infer<D>): (record: ConnectRecord) => boolean
}

/** The half of a record that a field transform works on. */
export type RecordHalf = 'Key' | 'Value'

/** A value with the schema beside it; null when it has none. */
export interface SchemaAndValue {
  readonly schema: Schema | null
  readonly value: unknown
}
