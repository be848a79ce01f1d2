import type { ConfigDef, Infer } from './config/index.ts'
import type { Schema } from './data/index.ts'
import type { SchemaAndValue } from './transform.ts'

/** Bytes for Kafka. A string stands for its UTF-8 bytes and is written without a detour; null is Kafka's null. */
export type Serialized = Buffer | string | null

export interface ConverterInstance {
  /** Throws `HR_DATA_INVALID` when the value cannot be written. */
  fromConnect(topic: string, schema: Schema | null, value: unknown): Serialized
  /**
   * Throws `HR_DATA_INVALID` when the bytes cannot be read. `bytes` is a view of what was fetched: a value that keeps
   * a part of it keeps all of it in memory.
   */
  toConnect(topic: string, bytes: Buffer | null): SchemaAndValue
  /**
   * As `toConnect`, for the bytes from `start` up to `end` of a larger buffer. A converter that has it is spared a
   * Buffer for each record.
   */
  toConnectRange?(topic: string, bytes: Buffer, start: number, end: number): SchemaAndValue
}

export interface HeaderConverterInstance {
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
  create(config: Infer<D>, role: ConverterRole): ConverterInstance & HeaderConverterInstance
}
