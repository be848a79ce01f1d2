import type { ObjectReader, SchemaAndValue } from '../ports.ts'

/** What an object next to others with the same name holds of the records: their values, keys or headers. */
export type Role = 'value' | 'keys' | 'headers'

/** An object of a series: its name has a topic, a partition and the offset of its first record. */
export interface SeriesName {
  readonly kind: 'series'
  /** The key up to the offset, such as `topics/orders/partition=0/orders+0+`. Names the series. */
  readonly series: string
  readonly topic: string
  readonly partition: number
  readonly start: number
  /** The offset as it is written in the key. */
  readonly digits: string
  readonly role: Role
  /** The rest of the key, such as `.json.gz`. */
  readonly extension: string
  /** Whether the object is in the directory of records without a value. */
  readonly tombstones: boolean
}

/** Any other object that is read. */
export interface SingleName {
  readonly kind: 'single'
  readonly topic: string
  readonly partition: number | null
  /** Objects with the same text are read by the same task. By default, the key. */
  readonly spread?: string
}

/** What the key of an object says. */
export interface ObjectNaming {
  /** Whether objects outside of series are read. If not, listings leave out parts that have been read. */
  readonly singles: boolean
  /** Returns undefined for an object that is not to be read. */
  parse(key: string): SeriesName | SingleName | undefined
}

/** How the source groups the objects that belong together, and where their records go. */
export interface SourcePlan {
  readonly bucket: string
  /** Prefixes of the keys. None is a prefix of another. */
  readonly roots: readonly string[]
  /** Objects up to this key are not read; null for no limit. */
  readonly startAfter: string | null
  /** Objects that were modified earlier are not read, in milliseconds since the epoch. */
  readonly modifiedSince: number
  readonly naming: ObjectNaming
  /** Returns the reader of an object; undefined if its format is not known. */
  readerOf(key: string, role: Role): ObjectReader | undefined
  /** Returns where the records of an object go; a null partition is chosen by the producer. */
  destinationOf(name: SeriesName | SingleName): {
    readonly topic: string
    readonly partition: number | null
  }
  /** Returns the key of the records of an object; undefined if keys are read from objects of their own. */
  keyOf?(key: string): SchemaAndValue
  /** Objects with values are read only together with these. */
  readonly requiredKeys: boolean
  readonly requiredHeaders: boolean
  /** What happens with an object that does not have its format. */
  readonly onError: 'fail' | 'ignore'
  /** The setting for `ignore`, such as `behavior.on.error=ignore`. */
  readonly onErrorSetting: string
  readonly pollIntervalMs: number
  /** How long an object waits for others that may come before it, in milliseconds. */
  readonly lateWaitMs: number
  /** How long after its modification an object can appear in listings, in milliseconds. */
  readonly lateWindowMs: number
  readonly batchSize: number
  readonly bufferBytes: number
}
