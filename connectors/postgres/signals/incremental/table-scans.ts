import type { Logger } from '../../../../api/index.ts'
import type { Database, TableName } from '../../ports.ts'
import type { IncrementalNotifications, ScanStatus } from '../notifications.ts'
import type { ChunkSource, SignalServices } from '../ports.ts'
import { tableText } from '../../config/table-name.ts'
import { expandTables } from '../table-names.ts'
import type { Chunk } from './chunk.ts'
import { planChunks, type ChunkPlan } from './chunk-query.ts'
import { readChunk, readMaximumKey } from './chunk-reader.ts'
import { TableQueue, type QueuedTable } from './table-queue.ts'
import type { PassedTransactions } from './visibility.ts'
import type { Watermarks } from './watermarks.ts'

/** What the scans of tables need. */
export interface ScanOptions {
  readonly services: Pick<SignalServices, 'chunkSource'>
  readonly notifications: IncrementalNotifications
  readonly watermarks: Watermarks
  /** `incremental.snapshot.chunk.size` */
  readonly chunkSize: number
  readonly log: Logger
}

/**
 * Reads the queued tables, one chunk at a time. Tables that cannot be read are skipped with an error.
 *
 * Source: AbstractIncrementalSnapshotChangeEventSource.readChunk.
 */
export class TableScans {
  readonly queue = new TableQueue()
  readonly #options: ScanOptions
  readonly #passed: PassedTransactions
  #rowsScanned = 0
  /** Of the current or a former table. */
  #plan: ChunkPlan | undefined

  constructor(options: ScanOptions, passed: PassedTransactions) {
    this.#options = options
    this.#passed = passed
  }

  /** Reads rows of the current table, or of the next one that has any. Returns whether the stream must close the window. */
  async read(database: Database, chunk: Chunk, signal: AbortSignal): Promise<boolean> {
    const { watermarks } = this.#options
    let plan = await this.#planCurrent(database)
    if (plan !== undefined) chunk.startTable(plan, this.#passed)
    await watermarks.open(database, chunk)
    if (watermarks.arePositions) chunk.open(this.#passed)
    let found = false
    while (this.queue.current !== undefined) {
      if (plan !== undefined) {
        found = await this.#readRows(database, chunk, plan, signal)
        if (found) break
      }
      plan = await this.#planCurrent(database)
      if (plan !== undefined) chunk.startTable(plan, this.#passed)
    }
    await watermarks.close(database, chunk)
    return found
  }

  /** Returns how to read the current table; if that is not possible, undefined, and the next table becomes current. */
  async #planCurrent(database: Database): Promise<ChunkPlan | undefined> {
    const table = this.queue.current
    if (table === undefined) return undefined
    const name = tableText(table.name)
    const source = await this.#options.services.chunkSource(table.name)
    if (source === undefined) {
      this.skip('UNKNOWN_SCHEMA', `the table ${name} does not exist or is not captured`)
      return undefined
    }
    const known = this.#plan
    if (known !== undefined && isStillValid(known, source, table)) return { ...known, source }
    const plan = await planChunks(database.query, source, table.surrogateKey)
    this.#plan = plan
    if (plan === undefined) {
      this.skip('NO_PRIMARY_KEY', `the table ${name} has no key: set "surrogate-key" in the signal`)
      return undefined
    }
    this.queue.expectKey(plan.key.length)
    if (known !== undefined && isSameTable(known, plan) && keyOf(known) !== keyOf(plan)) this.queue.restart()
    return plan
  }

  /** Reads the next rows of the current table. If there are none, the next table becomes current. */
  async #readRows(database: Database, chunk: Chunk, plan: ChunkPlan, signal: AbortSignal): Promise<boolean> {
    const queue = this.queue
    const { notifications, chunkSize } = this.#options
    const condition = queue.current?.condition
    if (queue.maximumKey === null) {
      const key = await readMaximumKey(database, plan, condition)
      if (key === null) {
        this.#endTable('EMPTY')
        return false
      }
      queue.setMaximum(key)
    }
    const maximum = queue.maximumKey ?? []
    const range = { after: queue.sentKey, maximum, limit: chunkSize, condition }
    const read = await readChunk(database, plan, range, signal)
    if (read.lastKey === null) {
      this.#endTable('SUCCEEDED')
      return false
    }
    this.#rowsScanned += read.rows.count
    chunk.rowsRead(read, this.#passed)
    const shown = plan.configuredKey
    notifications.inProgress(queue, maximum.slice(0, shown), read.lastKey.slice(0, shown))
    return true
  }

  /** Ends the current table, of which not all rows could be read. */
  skip(status: ScanStatus, reason: string): void {
    const table = this.queue.current
    const name = table === undefined ? '' : ` of ${tableText(table.name)}`
    this.#options.log.error(`The incremental snapshot${name} is skipped: ${reason}`)
    this.#endTable(status)
  }

  #endTable(status: ScanStatus): void {
    this.#options.notifications.tableCompleted(this.queue, this.#rowsScanned, status)
    this.#nextTable()
  }

  #nextTable(): void {
    this.#rowsScanned = 0
    this.queue.next()
    if (this.queue.current !== undefined) return
    this.#options.notifications.completed(this.queue)
    this.queue.forgetCorrelation()
  }

  /** Ends the tables that match. Source: AbstractIncrementalSnapshotChangeEventSource.checkAndProcessStopFlag. */
  stop(expressions: readonly string[]): void {
    const current = this.queue.current
    if (expressions.length === 0 || current === undefined) return
    const stopped: TableName[] = []
    let stopsCurrent = false
    for (const name of expandTables(
      expressions,
      this.queue.tables.map((table) => table.name),
    )) {
      if (tableText(name) === tableText(current.name)) {
        stopsCurrent = true
        this.queue.remove(name)
      } else if (this.queue.remove(name)) stopped.push(name)
      else this.#options.log.warn(`No incremental snapshot of ${tableText(name)} is running: nothing to stop`)
    }
    if (stopsCurrent) {
      stopped.push(current.name)
      this.#nextTable()
    }
    this.#options.notifications.aborted(this.queue, stopped)
    this.#options.log.info('Incremental snapshots were stopped', { tables: stopped.map(tableText) })
  }
}

/** Whether a plan is what would be made now. Which index is the replica identity is not known without a query. */
function isStillValid(plan: ChunkPlan, source: ChunkSource, { surrogateKey }: QueuedTable): boolean {
  return (
    plan.surrogateKey === surrogateKey &&
    source.table.replicaIdentity !== 'i' &&
    textOf(plan.source) === textOf(source)
  )
}

const textOf = ({ table, columns, keyColumns }: ChunkSource): string =>
  JSON.stringify([table, columns, keyColumns])

const isSameTable = (a: ChunkPlan, b: ChunkPlan): boolean => a.source.table.oid === b.source.table.oid

const keyOf = ({ key }: ChunkPlan): string => JSON.stringify(key.map(({ name, type }) => [name, type]))
