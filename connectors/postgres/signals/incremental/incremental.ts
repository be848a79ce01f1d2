import { setTimeout as wait } from 'node:timers/promises'
import {
  isRetriable,
  messageOf,
  type Logger,
  type SourceOffset,
  type SourceRecord,
} from '../../../../api/index.ts'
import type { Database, Lsn, Row, TableName } from '../../ports.ts'
import type { IncrementalNotifications, ScanStatus } from '../notifications.ts'
import type { SignalOffsetKeys, SignalServices, StreamPosition } from '../ports.ts'
import { expandTables, identifierOf } from '../table-names.ts'
import { Chunk } from './chunk.ts'
import { planChunks, type ChunkPlan } from './chunk-query.ts'
import { readChunk, readMaximumKey, waitingForStandby } from './chunk-reader.ts'
import { TableQueue, type QueuedTable } from './table-queue.ts'
import { PassedTransactions } from './visibility.ts'
import type { Watermarks } from './watermarks.ts'

/** What an incremental snapshot needs. */
export interface IncrementalOptions {
  readonly services: Pick<SignalServices, 'connect' | 'chunkSource' | 'capturedTables' | 'wakeStream'>
  readonly notifications: IncrementalNotifications
  readonly watermarks: Watermarks
  /** `incremental.snapshot.chunk.size` */
  readonly chunkSize: number
  readonly log: Logger
  /** Waits before another attempt; rejects when aborted. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>
}

const MAX_WAIT_MS = 5000

/**
 * Incremental snapshots: tables are read in chunks while the stream continues. A chunk is read between two watermarks, which
 * the stream sees too. Rows that change in the stream between them are left out of the chunk, and the rest is sent at the
 * second one: each row is then sent in the order of its versions.
 *
 * One loop in the background owns the connection and the queue's order; the stream owns the window. States:
 *
 * | State   | Event                                               | Action                              | Next            |
 * | ------- | --------------------------------------------------- | ----------------------------------- | --------------- |
 * | idle    | tables are added                                    | plan the first one, open a window   | reading         |
 * | reading | the stream opens the window                         | collect changed rows of the table   | reading         |
 * | reading | no rows left, another table                         | TABLE_SCAN_COMPLETED, read that one | reading         |
 * | reading | no rows left, no other table                        | COMPLETED, close the window         | idle            |
 * | reading | rows are read                                       | IN_PROGRESS, close the window       | closing         |
 * | reading | the connection is lost                              | connect again                       | reading (again) |
 * | reading | SQL fails twice, no key, table unknown              | TABLE_SCAN_COMPLETED with the error | reading (next)  |
 * | closing | the stream closes the window, chunk valid           | send the rows that are left         | reading, paused |
 * | closing | the stream closes the window, chunk not valid       | send nothing                        | reading (again) |
 * | any     | the table was altered or truncated                  | the chunk is not valid              | same            |
 * | any     | pause                                               | PAUSED; the current chunk is ended  | paused          |
 * | paused  | resume                                              | RESUMED                             | reading         |
 * | any     | stop                                                | after the chunk: ABORTED            | reading, idle   |
 * | any     | close                                               | abort statements, disconnect        | closed          |
 *
 * A chunk is not valid either if a transaction that the stream passed on before the window was not visible to the SELECT:
 * see `PassedTransactions`.
 *
 * Source: AbstractIncrementalSnapshotChangeEventSource. Nothing in the stream waits for a SELECT here.
 */
export class IncrementalSnapshot {
  readonly #options: IncrementalOptions
  readonly #queue = new TableQueue()
  readonly #passed = new PassedTransactions()
  readonly #abort = new AbortController()
  #chunk: Chunk | undefined
  #loop: Promise<void> | undefined
  #paused = false
  #stops: (readonly string[])[] = []
  #database: Database | undefined
  #rowsScanned = 0
  /** Valid as long as the catalog returns the same table. */
  #plan: ChunkPlan | undefined
  /** Chunks that were to be read again since the last one that was sent. */
  #retries = 0
  /** Errors since then that a repetition need not cure. */
  #permanentErrors = 0

  constructor(options: IncrementalOptions) {
    this.#options = options
  }

  /** Continues where an offset was stored. */
  start(offset: SourceOffset): void {
    const { log } = this.#options
    this.#queue.restore(offset, log)
    if (this.#queue.current === undefined) return
    log.info(`The incremental snapshot of ${identifierOf(this.#queue.current.name)} is continued`)
    this.#wake()
  }

  add(tables: readonly QueuedTable[], correlationId: string): void {
    const wasIdle = this.#queue.current === undefined
    this.#queue.add(tables, correlationId)
    if (!wasIdle) return
    this.#options.notifications.changed('STARTED', this.#queue)
    this.#wake()
  }

  pause(): void {
    if (this.#paused || this.#queue.current === undefined) return
    this.#paused = true
    this.#options.notifications.changed('PAUSED', this.#queue)
  }

  resume(): void {
    if (!this.#paused) return
    this.#paused = false
    this.#options.notifications.changed('RESUMED', this.#queue)
    this.#wake()
  }

  /** Stops the tables that match, all if there are no expressions. Throws `HR_ILLEGAL_ARGUMENT` if one is invalid. */
  stop(expressions: readonly string[]): void {
    if (this.#queue.current === undefined) {
      this.#options.log.warn('No incremental snapshot is running: nothing to stop')
      return
    }
    expandTables(expressions, [])
    this.#stops.push(expressions)
    if (this.#loop === undefined) this.#applyStops()
  }

  offsetKeys(): SignalOffsetKeys {
    return this.#queue.offsetKeys()
  }

  get watchedOid(): number {
    return this.#chunk?.watchedOid ?? 0
  }

  began(txId: number): void {
    this.#passed.began(txId)
  }

  changed(txId: number, columns: readonly string[], oldRow: Row | null, newRow: Row | null): void {
    this.#chunk?.changed(txId, columns, oldRow, newRow)
  }

  truncated(): void {
    this.#chunk?.supersede()
  }

  relationChanged(oid: number): void {
    this.#chunk?.relationChanged(oid)
  }

  /** The stream has passed the first watermark. Those of former chunks are ignored. */
  windowOpened(id: string): void {
    if (this.#chunk !== undefined && id.startsWith(this.#chunk.id)) this.#chunk.open(this.#passed)
  }

  /** The stream has passed the second watermark. Returns the rows to be sent. */
  windowClosed(id: string, at: StreamPosition): readonly SourceRecord[] {
    const chunk = this.#chunk
    return chunk !== undefined && id.startsWith(chunk.id) ? this.#flush(chunk, at) : []
  }

  /** The stream has passed a position. Returns the rows to be sent, if the watermarks are positions. */
  streamPassed(lsn: Lsn, at: StreamPosition): readonly SourceRecord[] {
    const chunk = this.#chunk
    if (chunk?.read === undefined || !this.#options.watermarks.arePositions) return []
    return lsn >= chunk.read.lsn ? this.#flush(chunk, at) : []
  }

  /** Ends the loop and its connection. */
  async close(): Promise<void> {
    this.#abort.abort()
    this.#chunk?.end()
    await this.#loop
    await this.#disconnect()
  }

  #flush(chunk: Chunk, at: StreamPosition): readonly SourceRecord[] {
    this.#chunk = undefined
    let records: readonly SourceRecord[] = []
    if (chunk.valid(this.#passed)) {
      records = chunk.records(at, (key) => this.#queue.sent(key))
      this.#retries = 0
      this.#permanentErrors = 0
    } else {
      this.#retries++
      this.#options.log.debug('A chunk is read again: its rows can be older than those in the stream', {
        chunk: chunk.id,
      })
    }
    this.#passed.clear()
    chunk.end()
    return records
  }

  #wake(): void {
    if (this.#loop !== undefined || this.#abort.signal.aborted) return
    this.#loop = this.#run().finally(() => {
      this.#loop = undefined
      if (!this.#paused && this.#queue.current !== undefined) this.#wake()
    })
  }

  async #run(): Promise<void> {
    const { signal } = this.#abort
    while (!signal.aborted) {
      this.#applyStops()
      if (this.#paused || this.#queue.current === undefined) break
      try {
        if (this.#retries > 0) await this.#waitForRetry()
        const chunk = new Chunk()
        this.#chunk = chunk
        if (await this.#read(chunk)) await chunk.ended
      } catch (error) {
        if (!signal.aborted) await this.#failed(error)
      }
      this.#chunk = undefined
      this.#passed.clear()
    }
    if (this.#queue.current === undefined) await this.#disconnect()
  }

  #waitForRetry(): Promise<unknown> {
    const ms = Math.min(MAX_WAIT_MS, 25 * 2 ** Math.min(this.#retries, 10))
    const { signal } = this.#abort
    return this.#options.wait === undefined ? wait(ms, undefined, { signal }) : this.#options.wait(ms, signal)
  }

  /** Reads rows of the current table, or of the next one that has any. Returns whether the stream must close the window. */
  async #read(chunk: Chunk): Promise<boolean> {
    const { watermarks, services } = this.#options
    const database = await this.#connection()
    if (this.#passed.lostTrack) this.#passed.assume(await waitingForStandby(database))
    let plan = await this.#planCurrent(database)
    if (plan !== undefined) chunk.startTable(plan, this.#passed)
    await watermarks.open(database, chunk)
    if (watermarks.arePositions) chunk.open(this.#passed)
    let found = false
    while (this.#queue.current !== undefined) {
      if (plan !== undefined) {
        found = await this.#readRows(database, chunk, plan)
        if (found) break
      }
      plan = await this.#planCurrent(database)
      if (plan !== undefined) chunk.startTable(plan, this.#passed)
    }
    await watermarks.close(database, chunk)
    if (found && watermarks.arePositions) services.wakeStream()
    return found
  }

  /** Returns how to read the current table; if that is not possible, undefined, and the next table becomes current. */
  async #planCurrent(database: Database): Promise<ChunkPlan | undefined> {
    const table = this.#queue.current
    if (table === undefined) return undefined
    const name = identifierOf(table.name)
    const source = await this.#options.services.chunkSource(table.name)
    if (source === undefined) {
      this.#skip('UNKNOWN_SCHEMA', `the table ${name} does not exist or is not captured`)
      return undefined
    }
    const known = this.#plan
    if (known?.source === source && known.surrogateKey === table.surrogateKey) return known
    const plan = await planChunks(database.query, source, table.surrogateKey)
    this.#plan = plan
    if (plan === undefined) {
      this.#skip('NO_PRIMARY_KEY', `the table ${name} has no key: set "surrogate-key" in the signal`)
      return undefined
    }
    this.#queue.expectKey(plan.key.length)
    return plan
  }

  /** Reads the next rows of the current table. If there are none, the next table becomes current. */
  async #readRows(database: Database, chunk: Chunk, plan: ChunkPlan): Promise<boolean> {
    const queue = this.#queue
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
    const read = await readChunk(database, plan, range, this.#abort.signal)
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

  async #failed(error: unknown): Promise<void> {
    const { log } = this.#options
    this.#retries++
    const table = this.#queue.current
    const name = table === undefined ? '' : ` of ${identifierOf(table.name)}`
    if (isRetriable(error)) {
      log.warn(`The incremental snapshot${name} was interrupted and is continued: ${messageOf(error)}`)
      await this.#disconnect()
    } else if (++this.#permanentErrors > 1) {
      this.#retries = 0
      this.#permanentErrors = 0
      if (table !== undefined) this.#skip('SQL_EXCEPTION', messageOf(error))
    }
    // A first failure can come from a change of the table since its catalog was read.
  }

  #skip(status: ScanStatus, reason: string): void {
    const table = this.#queue.current
    const name = table === undefined ? '' : ` of ${identifierOf(table.name)}`
    this.#options.log.error(`The incremental snapshot${name} is skipped: ${reason}`)
    this.#endTable(status)
  }

  #endTable(status: ScanStatus): void {
    this.#options.notifications.tableCompleted(this.#queue, this.#rowsScanned, status)
    this.#nextTable()
  }

  #nextTable(): void {
    this.#rowsScanned = 0
    this.#queue.next()
    if (this.#queue.current !== undefined) return
    this.#options.notifications.completed(this.#queue)
    this.#queue.forgetCorrelation()
    this.#paused = false
  }

  /** Source: AbstractIncrementalSnapshotChangeEventSource.checkAndProcessStopFlag. */
  #applyStops(): void {
    const expressions = this.#stops.flatMap((list) => (list.length === 0 ? ['.*'] : list))
    this.#stops = []
    const current = this.#queue.current
    if (expressions.length === 0 || current === undefined) return
    const stopped: TableName[] = []
    let stopsCurrent = false
    for (const name of expandTables(
      expressions,
      this.#queue.tables.map((table) => table.name),
    )) {
      if (identifierOf(name) === identifierOf(current.name)) stopsCurrent = true
      else if (this.#queue.remove(name)) stopped.push(name)
      else
        this.#options.log.warn(`No incremental snapshot of ${identifierOf(name)} is running: nothing to stop`)
    }
    if (stopsCurrent) {
      stopped.push(current.name)
      this.#nextTable()
    }
    this.#options.notifications.aborted(this.#queue, stopped)
    this.#options.log.info('Incremental snapshots were stopped', { tables: stopped.map(identifierOf) })
  }

  async #connection(): Promise<Database> {
    if (this.#database === undefined) {
      const database = await this.#options.services.connect(this.#abort.signal)
      this.#database = database
      void database.ended.then(() => {
        if (this.#database === database) this.#database = undefined
      })
    }
    return this.#database
  }

  async #disconnect(): Promise<void> {
    const database = this.#database
    this.#database = undefined
    await database?.close()
  }
}
