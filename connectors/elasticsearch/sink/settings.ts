import type { BulkSettings } from '../bulk/index.ts'

/** The settings of a sink task. */
export interface SinkTaskSettings {
  readonly bulk: BulkSettings
  /** `flush.synchronously` */
  readonly flushSynchronously: boolean
  /** `flush.timeout.ms` */
  readonly flushTimeoutMs: number
  /** Whether `behavior.on.null.values` is `ignore`. */
  readonly ignoreNullValues: boolean
  /** `behavior.on.malformed.documents` */
  readonly malformedDocuments: 'ignore' | 'warn' | 'fail'
  /** `drop.invalid.message` */
  readonly dropInvalidMessages: boolean
  /** Whether external versions are offsets, because `external.version.header` is not set. */
  readonly versionsAreOffsets: boolean
}
