import type { ConfigDef, Infer } from './config/index.ts'
import type { Schema } from './data/index.ts'
import type { Logger } from './logger.ts'
import type { ConnectRecord } from './record.ts'

/** An instance of a transform, created once per task. Returns the same record if nothing changes, null to drop it. */
export interface TransformStep {
  /**
   * Transforms one record. Never called concurrently with itself.
   *
   * The `errors.*` settings determine how a thrown error is handled. A retriable error is retried.
   */
  apply<R extends ConnectRecord>(record: R): R | null
  /**
   * Transforms a batch of records, in order. If defined, called instead of `apply`. For asynchronous steps, which then
   * wait once per batch. Resolves to one result per record; must not reject because of a single record.
   */
  applyAll?<R extends ConnectRecord>(records: readonly R[]): Promise<readonly StepResult<R>[]>
  /** Called once, when the task stops. */
  close?(): void
}

/** Services of the worker. A transform that is used outside of a worker has no context. */
export interface TransformContext {
  readonly log: Logger
}

/** The result of a step for one record of a batch. A null record is dropped. */
export type StepResult<R> = { readonly record: R | null } | { readonly error: unknown }

/**
 * Transforms records between the connector and the converters.
 *
 * Source: Transformation (KIP-66). Differs: the configuration is typed, and a transform is an object, not a class.
 */
export interface Transform<D extends ConfigDef = ConfigDef> {
  readonly kind: 'transformation'
  /** Class name in connector configurations. A field transform has two: `…$Key` and `…$Value`. */
  readonly name: string
  readonly version: string
  readonly config: D
  /** Creates a step. Throws `HR_CONFIG_INVALID` if settings contradict each other. */
  create(config: Infer<D>, context?: TransformContext): TransformStep
}

/** Selects the records that a transform applies to, by its `predicate` setting. Source: Predicate (KIP-585). */
export interface Predicate<D extends ConfigDef = ConfigDef> {
  readonly kind: 'predicate'
  readonly name: string
  readonly version: string
  readonly config: D
  /** Returns a function that tests whether a record matches. */
  create(config: Infer<D>): (record: ConnectRecord) => boolean
}

/** The part of a record that a field transform applies to. */
export type RecordHalf = 'Key' | 'Value'

/** A value and its schema. The schema is null for a schemaless value. */
export interface SchemaAndValue {
  readonly schema: Schema | null
  readonly value: unknown
}
