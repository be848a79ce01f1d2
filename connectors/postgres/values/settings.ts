import type { Column, PgType, TableName } from '../ports.ts'

/** How a column's text is masked: by asterisks, by a hash, or by cutting it. */
export type MaskRule =
  | { readonly kind: 'mask'; readonly length: number }
  | { readonly kind: 'truncate'; readonly length: number }
  | {
      readonly kind: 'hash'
      /** Java's name of the digest, such as `SHA-256`. */
      readonly algorithm: string
      readonly salt: string
      readonly version: 1 | 2
    }

/** Value of `time.precision.mode`. */
export type TimePrecisionMode =
  'adaptive' | 'adaptive_time_microseconds' | 'connect' | 'isostring' | 'microseconds' | 'nanoseconds'

/** Value of `binary.handling.mode`. */
export type BinaryMode = 'bytes' | 'base64' | 'base64-url-safe' | 'hex'

/** The settings that decide how values are converted. The names follow those of the connector's settings. */
export interface ValueSettings {
  readonly timePrecisionMode: TimePrecisionMode
  readonly decimalMode: 'precise' | 'double' | 'string'
  readonly binaryMode: BinaryMode
  readonly hstoreMode: 'json' | 'map'
  readonly intervalMode: 'numeric' | 'string'
  readonly moneyFractionDigits: number
  /** Bytes of `unavailable.value.placeholder`, after decoding the prefix `hex:`. */
  readonly placeholder: Buffer
  readonly includeUnknownDatatypes: boolean
  /** `event.converting.failure.handling.mode`. */
  readonly convertingFailureMode: 'warn' | 'skip' | 'fail'
  /** Milliseconds since any fixed point; for limiting how often a failure is logged. */
  readonly now: () => number
  readonly warn: (message: string) => void
  /** The first mask, hash or truncation whose regular expression matches the column. */
  readonly maskOf: (table: TableName, column: Column) => MaskRule | undefined
  /**
   * Whether `column.propagate.source.type` or `datatype.propagate.source.type` matches. The name of `type` is `serial` and
   * the like where Debezium calls it so.
   */
  readonly propagatesSourceType: (table: TableName, column: Column, type: PgType) => boolean
}
