import type { JsonFormat } from './json-value.ts'
import type { ConfigDef, Infer } from './config/index.ts'
import type { Schema } from './data/index.ts'
import type { Logger } from './logger.ts'
import type { SchemaAndValue } from './transform.ts'

/**
 * Bytes for Kafka. A string represents its UTF-8 bytes, which are written without an intermediate Buffer; null is
 * Kafka's null.
 */
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
 * An instance of a converter, for the keys or values of one task. Methods are called for each record: compute what
 * depends on a schema only once, and cache it by schema.
 *
 * The methods are synchronous. A converter that has to wait, for example for a schema registry, throws {@link NotReady}.
 */
export interface ConverterInstance extends Closable {
  /** Converts a value to bytes. Throws `HR_DATA_INVALID` if the value cannot be converted. */
  fromConnect(topic: string, schema: Schema | null, value: unknown): Serialized
  /**
   * Converts bytes to a value; null is Kafka's null. Throws `HR_DATA_INVALID` if the bytes cannot be converted. `bytes`
   * is a view of the fetched data: a value that refers to a part of it keeps all of it in memory.
   */
  toConnect(topic: string, bytes: Buffer | null): SchemaAndValue
  /**
   * Like `toConnect`, for the bytes from `start` up to, but not including, `end` in a larger buffer. Optional; saves
   * the allocation of a Buffer for each record.
   */
  toConnectRange?(topic: string, bytes: Buffer, start: number, end: number): SchemaAndValue
  /** How the converter writes JSON. If defined, `fromConnect` also takes a {@link JsonValue} with a schema. */
  readonly json?: JsonFormat
}

/**
 * An instance of a converter, for headers; `key` is the name of the header. Throws the same errors as
 * {@link ConverterInstance}.
 */
export interface HeaderConverterInstance extends Closable {
  /** Like {@link ConverterInstance.fromConnect}. */
  fromConnectHeader(topic: string, key: string, schema: Schema | null, value: unknown): Serialized
  /** Like {@link ConverterInstance.toConnect}. */
  toConnectHeader(topic: string, key: string, bytes: Buffer | null): SchemaAndValue
}

/** The parts of a record that a converter supports. A converter for keys or values may support headers too. */
export type ConverterRole = 'key' | 'value' | 'header'

/**
 * Converts Connect values to bytes, and bytes to Connect values.
 *
 * Source: Converter and HeaderConverter. Differs: one definition covers both; `roles` lists the supported roles.
 */
export interface Converter<D extends ConfigDef = ConfigDef> {
  readonly kind: 'converter'
  readonly name: string
  readonly version: string
  readonly roles: readonly ConverterRole[]
  readonly config: D
  /** Creates an instance. Throws `HR_CONFIG_INVALID` if settings contradict each other. */
  create(
    config: Infer<D>,
    role: ConverterRole,
    context: ConverterContext,
  ): ConverterInstance & HeaderConverterInstance
}
