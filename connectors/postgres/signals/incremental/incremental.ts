import { setTimeout as wait } from 'node:timers/promises'
import { isRetriable, messageOf, type SourceOffset, type SourceRecord } from '../../../../api/index.ts'
import type { Database, Lsn, Row } from '../../ports.ts'
import type { SignalOffsetKeys, SignalServices, StreamPosition } from '../ports.ts'
import { tableText } from '../../config/table-name.ts'
import { expandTables } from '../table-names.ts'
import { Chunk } from './chunk.ts'
import { waitingForStandby } from './chunk-reader.ts'
import type { QueuedTable } from './table-queue.ts'
import { TableScans, type ScanOptions } from './table-scans.ts'
import { PassedTransactions } from './visibility.ts'

/** What an incremental snapshot needs. */
export interface IncrementalOptions extends ScanOptions {
  readonly services: Pick<SignalServices, 'connect' | 'chunkSource' | 'wakeStream'>
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
 * Source: AbstractIncrementalSnapshotChangeEventSource. Differs: nothing in the stream waits for a SELECT here.
 */
export class IncrementalSnapshot {
  readonly #options: IncrementalOptions
  readonly #passed = new PassedTransactions()
  readonly #scans: TableScans
  #abort = new AbortController()
  #chunk: Chunk | undefined
  #loop: Promise<void> | undefined
  #paused = false
  #stops: (readonly string[])[] = []
  #database: Database | undefined
  /** Chunks that were to be read again since the last one that was sent. */
  #retries = 0
  /** Errors since then that a repetition need not cure. */
  #permanentErrors = 0

  constructor(options: IncrementalOptions) {
    this.#options = options
    this.#scans = new TableScans(options, this.#passed)
  }

  /**
   * Continues where an offset was stored. To be called before each stream, with the offset of the last record that was
   * passed on: the window of a former stream is abandoned, and its chunk read again.
   */
  async start(offset: SourceOffset): Promise<void> {
    const { log } = this.#options
    await this.#end()
    this.#abort = new AbortController()
    this.#scans.queue.restore(offset, log)
    const { current } = this.#scans.queue
    if (current === undefined) return
    log.info(`The incremental snapshot of ${tableText(current.name)} is continued`)
    this.#wake()
  }

  add(tables: readonly QueuedTable[], correlationId: string): void {
    const wasIdle = this.#scans.queue.current === undefined
    this.#scans.queue.add(tables, correlationId)
    if (!wasIdle) return
    this.#options.notifications.changed('STARTED', this.#scans.queue)
    this.#wake()
  }

  pause(): void {
    if (this.#paused || this.#scans.queue.current === undefined) return
    this.#paused = true
    this.#options.notifications.changed('PAUSED', this.#scans.queue)
  }

  resume(): void {
    if (!this.#paused) return
    this.#paused = false
    this.#options.notifications.changed('RESUMED', this.#scans.queue)
    this.#wake()
  }

  /** Stops the tables that match, all if there are no expressions. Throws `HR_ILLEGAL_ARGUMENT` if one is invalid. */
  stop(expressions: readonly string[]): void {
    if (this.#scans.queue.current === undefined) {
      this.#options.log.warn('No incremental snapshot is running: nothing to stop')
      return
    }
    expandTables(expressions, [])
    this.#stops.push(expressions)
    if (this.#loop === undefined) this.#applyStops()
  }

  offsetKeys(): SignalOffsetKeys {
    return this.#scans.queue.offsetKeys()
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
  close(): Promise<void> {
    return this.#end()
  }

  async #end(): Promise<void> {
    this.#abort.abort()
    this.#chunk?.end()
    await this.#disconnect()
    await this.#loop
    await this.#disconnect()
  }

  #flush(chunk: Chunk, at: StreamPosition): readonly SourceRecord[] {
    this.#chunk = undefined
    let records: readonly SourceRecord[] = []
    if (chunk.valid(this.#passed)) {
      records = chunk.records(at, (key) => this.#scans.queue.sent(key))
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
      if (this.#abort.signal.aborted) return
      this.#applyStops()
      if (!this.#paused && this.#scans.queue.current !== undefined) this.#wake()
    })
  }

  async #run(): Promise<void> {
    const { signal } = this.#abort
    while (!signal.aborted) {
      this.#applyStops()
      if (this.#paused || this.#scans.queue.current === undefined) break
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
    if (this.#scans.queue.current === undefined) await this.#disconnect()
  }

  #waitForRetry(): Promise<unknown> {
    const ms = Math.min(MAX_WAIT_MS, 25 * 2 ** Math.min(this.#retries, 10))
    const { signal } = this.#abort
    return this.#options.wait === undefined ? wait(ms, undefined, { signal }) : this.#options.wait(ms, signal)
  }

  async #read(chunk: Chunk): Promise<boolean> {
    const { services, watermarks } = this.#options
    const database = await this.#connection()
    if (this.#passed.lostTrack) this.#passed.assume(await waitingForStandby(database))
    const found = await this.#scans.read(database, chunk, this.#abort.signal)
    if (found && watermarks.arePositions) services.wakeStream()
    return found
  }

  async #failed(error: unknown): Promise<void> {
    const { log } = this.#options
    this.#retries++
    const table = this.#scans.queue.current
    const name = table === undefined ? '' : ` of ${tableText(table.name)}`
    if (isRetriable(error)) {
      log.warn(`The incremental snapshot${name} was interrupted and is continued: ${messageOf(error)}`)
      await this.#disconnect()
    } else if (++this.#permanentErrors > 1) {
      this.#retries = 0
      this.#permanentErrors = 0
      if (table !== undefined) this.#scans.skip('SQL_EXCEPTION', messageOf(error))
    }
    // A first failure can come from a change of the table since its catalog was read.
  }

  #applyStops(): void {
    const expressions = this.#stops.flatMap((list) => (list.length === 0 ? ['.*'] : list))
    this.#stops = []
    this.#scans.stop(expressions)
    if (this.#scans.queue.current === undefined) this.#paused = false
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
