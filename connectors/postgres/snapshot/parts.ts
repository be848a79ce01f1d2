import type { Logger, SourceOffset, TaskProgress } from '../../../api/index.ts'
import type { Database, Lsn, Table } from '../ports.ts'
import type { ExportedSnapshot } from './coordinator.ts'
import type { StreamedBefore } from './offsets.ts'
import type { PlanRules } from './plan.ts'
import type { EmitSnapshot, SnapshotKind, SnapshotNotice, SnapshotPosition } from './ports.ts'
import type { SnapshotProgress } from './progress.ts'

/** The settings of snapshots. */
export interface SnapshotSettings {
  readonly 'snapshot.isolation.mode': string
  readonly 'snapshot.locking.mode': string
  readonly 'snapshot.lock.timeout.ms': number
  readonly 'snapshot.delay.ms': number
  readonly 'snapshot.max.threads': number
  readonly 'snapshot.max.threads.multiplier': number
  readonly 'legacy.snapshot.max.threads': boolean
}

export interface SnapshotParts {
  readonly config: SnapshotSettings
  readonly kind: SnapshotKind
  /** The captured tables: all, or those of an ad-hoc snapshot. */
  readonly tables: readonly Table[]
  readonly rules: PlanRules
  /** Opens a connection. Called for the transaction that coordinates, and for each reader. */
  openReader(): Promise<Database>
  /** What a new slot has exported. Undefined if the slot existed before, and for ad-hoc snapshots. */
  readonly exported: ExportedSnapshot | undefined
  /** The position of the stream that a blocking snapshot interrupts. */
  readonly before: StreamedBefore | undefined
  /** Whether a snapshot before this one has not finished. */
  readonly repeats: boolean
  /** Where the stream begins after the snapshot, if not at the position of the snapshot. */
  readonly streamsFrom: Lsn | undefined
  /** Takes records. While a promise waits, each reader adds the rest of its chunk at most. */
  readonly emit: EmitSnapshot
  /** Shows the progress. Called at most twice per second. */
  progress(task: TaskProgress, progress: SnapshotProgress): void
  notify(notice: SnapshotNotice): void
  readonly log: Logger
  readonly signal: AbortSignal
}

/** A snapshot that has been passed on completely. */
export interface SnapshotResult {
  readonly position: SnapshotPosition
  /** The offset of the last record. If there was no row, no record has it: store it without one. */
  readonly offset: SourceOffset
  readonly rows: number
  /** Whether a record carries the offset. */
  readonly hasRecords: boolean
}
