/** A value with its Java type as the first key: `{"int32":5}`, `{"struct":[["a",…]]}`. Null is null. */
export type TypedValue = null | Readonly<Record<string, unknown>>

/** A recorded schema. Missing attributes have their default. */
export interface RecordedSchema {
  readonly type: string
  readonly optional: boolean
  readonly name?: string
  readonly version?: number
  readonly doc?: string
  readonly default?: TypedValue
  readonly parameters?: Readonly<Record<string, string>>
  readonly items?: RecordedSchema | null
  readonly keys?: RecordedSchema | null
  readonly values?: RecordedSchema | null
  readonly fields?: readonly { readonly name: string; readonly schema: RecordedSchema }[]
}

export interface RecordedPair {
  readonly schema: RecordedSchema | null
  readonly value: TypedValue
}

export interface RecordedRecord {
  readonly kind: 'source' | 'sink'
  readonly topic: string | null
  readonly kafkaPartition?: number
  readonly key?: RecordedPair
  readonly value?: RecordedPair
  readonly headers?: readonly (RecordedPair & { readonly key: string })[]
  readonly timestamp?: string
  readonly kafkaOffset?: string
  readonly timestampType?: string
  readonly originalTopic?: string | null
  readonly originalKafkaPartition?: number
  readonly originalKafkaOffset?: string
  readonly sourcePartition?: TypedValue
  readonly sourceOffset?: TypedValue
}

export interface RecordedError {
  readonly class: string
  readonly message: string
  /** Whether the list after `supported types are` is unordered. */
  readonly sortedList?: boolean
  /** `@*` replaces the hash of an object in the message. */
  readonly identityHash?: boolean
}

export interface RecordedStep {
  readonly input: unknown
  readonly output: Readonly<Record<string, unknown>>
}

export interface RecordedSetting {
  readonly name: string
  readonly type: string
  readonly required: boolean
  readonly default?: TypedValue
  readonly importance: string
  readonly group: string | null
  readonly orderInGroup: number
  readonly width: string
  readonly displayName: string
  readonly dependents: readonly string[]
  readonly validator?: string
  readonly recommender: boolean
}

/** A recorded case. Its parts depend on its kind. */
export interface RecordedCase {
  readonly id: string
  readonly description: string
  readonly kind: string
  readonly class: string
  readonly config: Readonly<Record<string, string | null>>
  readonly configureError?: RecordedError
  readonly steps?: readonly RecordedStep[]
  readonly role?: 'key' | 'value' | 'header'
  readonly topic?: string
  readonly headerKey?: string
  readonly groups?: readonly string[]
  readonly configs?: readonly RecordedSetting[]
  readonly type?: string
  readonly input?: TypedValue
  readonly output?: TypedValue
  readonly error?: RecordedError
}

export const FORMAT = 'connect-golden/1'
