import type { ConfigDef, Infer } from './config/index.ts'
import type { Schema } from './data/index.ts'
import type { Logger } from './logger.ts'
import type { SchemaAndValue } from './transform.ts'

/** Bytes for Kafka. A string stands for its UTF-8 bytes and is written without a detour; null is Kafka's null. */
export type Serialized = Buffer | string | null

/** Services of the worker for one instance of a converter. */
export interface ConverterContext {
  readonly log: Logger
  /** Aborted when the instance is about to be closed. Pass it to network requests. */
  readonly signal: AbortSignal
}

interface Closable {
  /**
   * Called once, when the task or preview that created the instance has ended. Nothing is converted afterwards. The worker
   * waits up to 5 seconds.
   */
  close?(): void | Promise<void>
}

/**
 * A converter at work on the keys or values of one task. Methods are called for each record: what depends on a schema
 * is to be worked out once and kept by schema.
 *
 * The methods are synchronous. A converter that has to wait, for example for a schema registry, throws {@link NotReady}.
 */
export interface ConverterInstance extends Closable {
  /** Bytes of a value. Throws `HR_DATA_INVALID` when it cannot be written. */
  fromConnect(topic: string, schema: Schema | null, value: unknown): Serialized
  /**
   * The value of some bytes; null is Kafka's null. Throws `HR_DATA_INVALID` when they cannot be read. `bytes` is a view of what was fetched: a value that keeps
   * a part of it keeps all of it in memory.
   */
  toConnect(topic: string, bytes: Buffer | null): SchemaAndValue
  /**
   * As `toConnect`, for the bytes from `start` up to `end` of a larger buffer. A converter that has it is spared a
   * Buffer for each record.
   */
  toConnectRange?(topic: string, bytes: Buffer, start: number, end: number): SchemaAndValue
}

/** A converter at work on headers; `key` is the name of the header. Throws as {@link ConverterInstance} does. */
export interface HeaderConverterInstance extends Closable {
  fromConnectHeader(topic: string, key: string, schema: Schema | null, value: unknown): Serialized
  toConnectHeader(topic: string, key: string, bytes: Buffer | null): SchemaAndValue
}

/** What a converter serves for; `key` and `value` converters may also serve headers. */
export type ConverterRole = 'key' | 'value' | 'header'

/**
 * Turns Connect values into bytes and back.
 *
 * Source: Converter and HeaderConverter. Differs: one definition serves both; `roles` says for what.
 */
export interface Converter<D extends ConfigDef = ConfigDef> {
  readonly kind: 'converter'
  readonly name: string
  readonly version: string
  readonly roles: readonly ConverterRole[]
  readonly config: D
  /** Throws `HR_CONFIG_INVALID` when settings contradict each other. */
  create(
    config: Infer<D>,
    role: ConverterRole,
    context: ConverterContext,
  ): ConverterInstance & HeaderConverterInstance
}
