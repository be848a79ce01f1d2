import {
  ConnectError,
  isConnectError,
  isRetriable,
  messageOf,
  type Logger,
  type SourceOffset,
} from '../../../api/index.ts'
import { sqlStateOf } from '../connection/failures.ts'
import type { EventOrigin } from '../events/ports.ts'
import type { Database, Row, RowConsumer } from '../ports.ts'
import type { SnapshotRecords } from './markers.ts'
import type { EmitSnapshot, SnapshotPosition } from './ports.ts'
import type { ProgressMeter } from './progress.ts'
import { copyStatement, partText } from './ranges.ts'
import type { PartWork } from './work.ts'

/** What all readers of a snapshot share. */
export interface ReaderParts {
  readonly records: SnapshotRecords
  readonly position: SnapshotPosition
  /** Offset of all records but the last. */
  readonly offset: SourceOffset
  /** `lsn_commit` of the stream; null before. */
  readonly lastCommitLsn: number | null
  readonly meter: ProgressMeter
  readonly emit: EmitSnapshot
  /** Called after each chunk. */
  progressed(): void
  /** Opens a connection that sees the snapshot. */
  openSession(): Promise<Database>
  /** Reads on the connection that has the locks. */
  copyWithLocks: Database['copyOut']
  next(): Promise<PartWork | undefined>
  /** Resolves when the part may be read. */
  turn(work: PartWork): Promise<void>
  /** All rows of the part have been read. */
  partDone(work: PartWork): void | Promise<void>
  readonly log: Logger
  readonly signal: AbortSignal
}

/** How often a part is read until the snapshot gives up. */
const MAX_ATTEMPTS = 3

/**
 * Reads parts, one after the other, on a connection of its own until there are none. If the connection is lost, the part is
 * read again on a new one: the snapshot still exists. Rejects with the first error that this does not solve.
 */
export async function runReader(parts: ReaderParts): Promise<void> {
  let session: Database | undefined
  try {
    for (;;) {
      const work = await parts.next()
      if (work === undefined) return
      session = await readWithRetries(parts, work, session)
      await parts.partDone(work)
    }
  } finally {
    await session?.close()
  }
}

/** Resolves to the session that can be used for the next part. */
async function readWithRetries(
  parts: ReaderParts,
  work: PartWork,
  opened: Database | undefined,
): Promise<Database | undefined> {
  let session = opened
  await parts.turn(work)
  for (let attempt = 1; ; attempt++) {
    parts.signal.throwIfAborted()
    if (work.table.lockedOut) {
      await copyWithLocks(parts, work)
      return session
    }
    session ??= await parts.openSession()
    const reading = partConsumer(parts, work)
    try {
      await copyPart(parts, work, session.copyOut, reading)
      return session
    } catch (error) {
      await session.close()
      session = undefined
      if (!reading.canRepeat(error) || attempt === MAX_ATTEMPTS) throw aboutTable(error, work, parts.signal)
      reading.undo()
      if (sqlStateOf(error) === LOCK_TIMEOUT) lockedOut(parts, work)
      else warnAboutRepeat(parts.log, work, reading.rows, error)
    }
  }
}

const LOCK_TIMEOUT = '55P03'

function lockedOut({ log }: ReaderParts, { table }: PartWork): void {
  if (table.lockedOut) return
  table.lockedOut = true
  log.warn(
    `A statement that changes ${table.planned.name} waits for the snapshot, and readers would wait for it. The rest of the` +
      ' table is read on one connection, that which has locked it before.',
  )
}

/** The connection with the locks reads one part after the other. */
async function copyWithLocks(parts: ReaderParts, work: PartWork): Promise<void> {
  try {
    await copyPart(parts, work, parts.copyWithLocks, partConsumer(parts, work))
  } catch (error) {
    throw aboutTable(error, work, parts.signal)
  }
}

async function copyPart(
  parts: ReaderParts,
  work: PartWork,
  copyOut: Database['copyOut'],
  reading: PartReading,
): Promise<void> {
  const { planned, cells } = work.table
  await copyOut(copyStatement(planned, work.part, cells), cells.length, reading, parts.signal)
  reading.measure()
  parts.meter.partDone(work.table.index, work.part.size)
}

function warnAboutRepeat(log: Logger, work: PartWork, rows: number, error: unknown): void {
  const text = partText(work.table.planned, work.part, work.index, work.table.parts.length)
  log.warn(
    `The connection that reads ${text} was lost after ${rows} rows. It is read again from its beginning: records of these` +
      ` rows may be sent twice. ${messageOf(error)}`,
  )
}

/** Names the table in an error, and keeps whether it is retriable. */
function aboutTable(error: unknown, { table }: PartWork, signal: AbortSignal): unknown {
  if (signal.aborted || !isConnectError(error)) return error
  return new ConnectError(
    error.code,
    `The snapshot of ${table.planned.name} has failed: ${messageOf(error)}`,
    {
      cause: error,
      javaClass: error.javaClass,
    },
  )
}

/** The rows of one part, while they are read. */
export interface PartReading extends RowConsumer {
  readonly rows: number
  /** Whether it helps to read the part again: the connection is at fault, not a row or the queue. */
  canRepeat(error: unknown): boolean
  /** Brings the progress up to date. */
  measure(): void
  /** Takes the rows out of the progress. */
  undo(): void
}

/** Turns rows into records. `row` runs for each row. */
export function partConsumer(parts: ReaderParts, work: PartWork): PartReading {
  const { records, meter, offset } = parts
  const { writer, first, index: table } = work.table
  const part = work.index
  const origin = originOf(parts)
  let rows = 0
  let bytes = 0
  let measuredRows = 0
  let measuredBytes = 0
  // set while the code below runs, so that its errors are told from those of the connection
  let consuming = false
  const measure = (): void => {
    meter.add(table, rows - measuredRows, bytes - measuredBytes)
    measuredRows = rows
    measuredBytes = bytes
  }
  return {
    row(next) {
      consuming = true
      origin.marker = records.markerOf(table)
      const record = writer.read(next, origin, offset)
      const size = sizeOf(next)
      if (record !== undefined) records.add(table, part, record, size)
      if (rows++ === 0 && part === 0) first.open()
      bytes += size
      consuming = false
    },
    endOfChunk() {
      consuming = true
      measure()
      writer.newChunk()
      parts.progressed()
      const wait = flush(parts)
      consuming = false
      return wait?.catch((error: unknown) => {
        consuming = true
        throw error
      })
    },
    get rows() {
      return rows
    },
    canRepeat: (error) => !consuming && !parts.signal.aborted && isRetriable(error),
    measure,
    undo: () => meter.add(table, -measuredRows, -measuredBytes),
  }
}

/** Passes on the records whose turn it is. */
export function flush({ records, emit }: Pick<ReaderParts, 'records' | 'emit'>): void | Promise<void> {
  const taken = records.take()
  if (taken.records.length === 0 && taken.bytes === 0) return undefined
  return emit(taken.records, taken.bytes)
}

function originOf({ position, lastCommitLsn }: ReaderParts): EventOrigin {
  return {
    timeUs: position.timeUs,
    txId: position.txId,
    lsn: position.lsn,
    lastCommitLsn,
    xmin: null,
    origin: null,
    originLsn: null,
    marker: 'true',
  }
}

/** Bytes of the cells that are not NULL. */
function sizeOf({ starts, ends, count }: Row): number {
  let size = 0
  for (let cell = 0; cell < count; cell++) {
    const start = starts[cell] ?? -1
    if (start >= 0) size += (ends[cell] ?? 0) - start
  }
  return size
}

/** Rejects with the reason of the signal if it is aborted before. */
export function untilAborted(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.reject(signal.reason as Error)
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason as Error)
    signal.addEventListener('abort', abort, { once: true })
    void promise.then(() => {
      signal.removeEventListener('abort', abort)
      resolve()
    })
  })
}
