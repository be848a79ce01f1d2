import type { SourceOffset } from '../../../api/index.ts'
import type { Coordinator } from './coordinator.ts'
import type { SnapshotRecords } from './markers.ts'
import { chunkNotices } from './notices.ts'
import type { SnapshotParts, SnapshotSettings } from './parts.ts'
import type { PlannedTable } from './plan.ts'
import type { ProgressMeter } from './progress.ts'
import type { Splitting } from './ranges.ts'
import { flush, runReader, untilAborted, type ReaderParts } from './reader.ts'
import { openSession } from './session.ts'
import { partsOf, type PartWork } from './work.ts'

/** A snapshot whose tables are planned. */
export interface SnapshotRun {
  readonly parts: SnapshotParts
  readonly coordinator: Coordinator
  readonly tables: readonly PlannedTable[]
  readonly records: SnapshotRecords
  readonly meter: ProgressMeter
  /** Offset of all records but the last. */
  readonly offset: SourceOffset
  readonly signal: AbortSignal
}

/** How many tables or parts are read at the same time. */
export function threadsOf(config: SnapshotSettings, tables: number): number {
  const threads = config['snapshot.max.threads']
  return config['legacy.snapshot.max.threads'] ? Math.max(1, Math.min(threads, tables)) : threads
}

/** PostgreSQL 14 reads a range of ctid without reading the whole table. */
function splittingOf(config: SnapshotSettings, version: number): Splitting {
  const legacy = config['legacy.snapshot.max.threads']
  const parts = legacy ? 1 : config['snapshot.max.threads'] * config['snapshot.max.threads.multiplier']
  return { parts, ranges: version >= 140_000 && !legacy, partitions: parts > 1 }
}

/** Runs readers until all parts are done. The first error stops all of them. */
export async function runReaders(shared: ReaderParts, threads: number, stop: AbortController): Promise<void> {
  const runs = Array.from({ length: threads }, async () => {
    try {
      await runReader(shared)
    } catch (error) {
      stop.abort(error)
      throw error
    }
  })
  await Promise.allSettled(runs)
  await Promise.all(runs)
}

/** What the readers of a snapshot share. */
export function readerParts(run: SnapshotRun): ReaderParts {
  const { parts, coordinator, tables, records, meter } = run
  const splitting = splittingOf(parts.config, coordinator.view.version)
  return {
    records,
    position: coordinator.position,
    offset: run.offset,
    lastCommitLsn: parts.before?.lsnCommit ?? null,
    meter,
    emit: parts.emit,
    progressed: progressReports(parts, meter),
    openSession: () => openSession(parts.openReader, coordinator.view),
    copyWithLocks: coordinator.copyOut,
    next: partsOf(coordinator, tables, splitting, parts.log, (table, size) => meter.resize(table, size)),
    ...partEvents(run, splitting.parts > 1),
    log: parts.log,
    signal: run.signal,
  }
}

/** Keeps the order of first records, and tells what begins and ends. */
function partEvents(run: SnapshotRun, chunked: boolean): Pick<ReaderParts, 'turn' | 'partDone'> {
  const { parts, records, meter, signal, tables } = run
  const captured = parts.rules.snapshotOrder(parts.tables)
  const notices = chunkNotices(parts.notify, tables, captured, chunked)
  let firstTable: Promise<void> = Promise.resolve()
  return {
    // the first record is that of the first table, and the first one of a table is that of its first part
    async turn({ table, index }: PartWork) {
      if (table.index === 0 && index === 0) firstTable = table.first.opened
      else await untilAborted(firstTable, signal)
      if (index > 0) await untilAborted(table.first.opened, signal)
      notices.begins(table, index, meter.rowsOf(table.index))
    },
    partDone({ table, index }: PartWork) {
      if (index === 0) table.first.open()
      notices.partDone(table, index)
      if (--table.left === 0) {
        records.finishTable(table.index)
        meter.tableDone(table.index)
        notices.tableDone(table, meter.rowsOf(table.index))
        reportProgress(parts, meter)
      }
      return flush({ records, emit: parts.emit })
    },
  }
}

const PROGRESS_EVERY_MS = 500

/** Called for each chunk, which is too often to report. */
function progressReports(parts: SnapshotParts, meter: ProgressMeter): () => void {
  let reportedAt = 0
  return () => {
    const now = Date.now()
    if (now - reportedAt < PROGRESS_EVERY_MS) return
    reportedAt = now
    reportProgress(parts, meter)
  }
}

function reportProgress(parts: SnapshotParts, meter: ProgressMeter): void {
  const progress = meter.report()
  const done = Math.floor(progress.fraction * 100)
  parts.progress({ phase: 'snapshot', done, total: 100, detail: progress.text }, progress)
}
