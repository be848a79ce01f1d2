import { setTimeout as wait } from 'node:timers/promises'
import { ConnectError, isRetriable, messageOf } from '../../../api/index.ts'
import { formatLsn } from '../connection/lsn.ts'
import { lockAll, openCoordinator, type Coordinator } from './coordinator.ts'
import { SnapshotRecords } from './markers.ts'
import { positionOfRows, snapshotOffsets } from './offsets.ts'
import type { SnapshotParts, SnapshotResult } from './parts.ts'
import { planTables } from './plan.ts'
import { ProgressMeter } from './progress.ts'
import { flush } from './reader.ts'
import { readerParts, runReaders, threadsOf } from './readers.ts'
import { remarkRecord } from './writer.ts'

/**
 * Reads the tables as of one moment, and passes their rows on as records. Rejects with `HR_RETRIABLE` if the snapshot must
 * start over, with `HR_CONNECT` or another permanent error if somebody must act first, and with the reason of the signal.
 * All connections are closed when it settles.
 *
 * Source: AbstractSnapshotChangeEventSource, RelationalSnapshotChangeEventSource, PostgresSnapshotChangeEventSource.
 */
export async function takeSnapshot(parts: SnapshotParts): Promise<SnapshotResult> {
  const { config, signal, notify, log } = parts
  if (parts.repeats) {
    log.warn(
      'The previous snapshot did not finish. All tables are read again, and their records are sent again.',
    )
  }
  const delayMs = config['snapshot.delay.ms']
  if (delayMs > 0) {
    log.info(`The snapshot begins in ${delayMs} ms (snapshot.delay.ms)`)
    await wait(delayMs, undefined, { signal })
  }
  notify({ type: 'STARTED' })
  try {
    const result = await readAll(parts)
    notify({ type: 'COMPLETED' })
    return result
  } catch (error) {
    notify({ type: 'ABORTED' })
    throw error
  }
}

async function readAll(parts: SnapshotParts): Promise<SnapshotResult> {
  parts.signal.throwIfAborted()
  const opened = await openCoordinator(
    parts.openReader,
    parts.exported,
    parts.config['snapshot.isolation.mode'],
  )
  const coordinator = {
    ...opened,
    position: positionOfRows(opened.position, parts.before, parts.streamsFrom),
  }
  const stop = new AbortController()
  const signal = AbortSignal.any([parts.signal, stop.signal])
  const closeAll = () => void coordinator.close()
  signal.addEventListener('abort', closeAll)
  let finished = false
  void coordinator.ended.then((error) => {
    if (!finished) stop.abort(lostLocks(error))
  })
  try {
    return await readTables(parts, coordinator, signal, stop)
  } catch (error) {
    parts.signal.throwIfAborted()
    throw error
  } finally {
    finished = true
    signal.removeEventListener('abort', closeAll)
    await coordinator.close()
  }
}

function lostLocks(error: Error | undefined): ConnectError {
  const why = error === undefined ? 'it was closed' : messageOf(error)
  return new ConnectError(
    'HR_RETRIABLE',
    `The connection that holds the snapshot and the locks of its tables has ended: ${why}`,
    { cause: error },
  )
}

async function readTables(
  parts: SnapshotParts,
  coordinator: Coordinator,
  signal: AbortSignal,
  stop: AbortController,
): Promise<SnapshotResult> {
  const { config, log } = parts
  const { position } = coordinator
  const tables = await planTables(coordinator.query, parts.tables, parts.rules)
  if (config['snapshot.locking.mode'].toLowerCase() === 'shared') {
    await lockAll(coordinator, tables, config['snapshot.lock.timeout.ms'])
  }
  log.info(`The snapshot reads ${tables.length} tables as of LSN ${formatLsn(position.lsn)}`, {
    tables: tables.slice(0, 20).map(({ name }) => name),
  })
  const offsets = snapshotOffsets(parts.kind, position, parts.before)
  const records = new SnapshotRecords(tables.length, remarkRecord, offsets)
  const meter = new ProgressMeter(tables.map(({ name, size }) => ({ table: name, size })))
  const shared = readerParts({
    parts,
    coordinator,
    tables,
    records,
    meter,
    offset: offsets.unfinished,
    signal,
  })
  try {
    await runReaders(shared, threadsOf(config, tables.length), stop)
    await coordinator.commit()
  } catch (error) {
    throw signal.aborted ? startsOver(signal.reason, meter) : startsOver(error, meter)
  }
  const hasRecords = records.finish()
  await flush(shared)
  const { rows, text } = meter.report()
  log.info(`The snapshot is complete: ${text}`)
  return { position, offset: offsets.completed, rows, hasRecords }
}

/** Says what a retry repeats. */
function startsOver(error: unknown, meter: ProgressMeter): unknown {
  if (!isRetriable(error)) return error
  const { rows, tables } = meter.report()
  const begun = tables.filter(({ state }) => state !== 'waiting').length
  const what = rows === 0 ? 'No record was sent yet.' : `${rows} records of ${begun} tables are sent again.`
  return new ConnectError('HR_RETRIABLE', `The snapshot starts over. ${what} ${messageOf(error)}`, {
    cause: error,
  })
}
