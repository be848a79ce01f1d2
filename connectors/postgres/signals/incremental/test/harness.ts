import type { Logger, SourceOffset, SourceRecord } from '../../../../../api/index.ts'
import type { Notification } from '../../../events/notifications.ts'
import type { Table } from '../../../ports.ts'
import { incrementalNotifications } from '../../notifications.ts'
import type { StreamPosition } from '../../ports.ts'
import { IncrementalSnapshot } from '../incremental.ts'
import type { QueuedTable } from '../table-queue.ts'
import { positionWatermarks, signalTableWatermarks, type Watermarks } from '../watermarks.ts'
import { FakeServer, fakeSource, fakeTable, nameOf, settled } from './fake-server.ts'
import { rowOf } from './rows.ts'

/** Options of {@link Harness}. */
export interface HarnessOptions {
  readonly watermarks?: Watermarks
  readonly chunkSize?: number
  readonly tables?: readonly Table[]
}

/** An incremental snapshot of a fake server, whose stream advances when the test says so. */
export class Harness {
  readonly server: FakeServer
  readonly snapshot: IncrementalSnapshot
  /** What was sent: `id=v` of the snapshot, `<- id` of the stream. */
  readonly sent: string[] = []
  readonly offsets: (SourceOffset | null)[] = []
  readonly notifications: Notification[] = []
  readonly logged: string[] = []
  readonly waits: number[] = []
  readonly tables: Map<string, Table>
  wakes = 0
  #delivered = 0
  #deletes = 0
  #txId = 0

  constructor(server: FakeServer, options: HarnessOptions = {}) {
    this.server = server
    const { watermarks = signalTableWatermarks(nameOf('sig'), 'insert_insert'), chunkSize = 2 } = options
    const tables = options.tables ?? [fakeTable('t', 1), fakeTable('u', 2)]
    this.tables = new Map(tables.map((table) => [table.table, table]))
    const log = (message: string): void => void this.logged.push(message)
    const logger: Logger = { error: log, warn: log, info: log, debug: log, trace: log }
    this.snapshot = new IncrementalSnapshot({
      services: {
        connect: () => server.connect(),
        chunkSource: ({ table }) => {
          const found = this.tables.get(table)
          return Promise.resolve(found === undefined ? undefined : fakeSource(found))
        },
        wakeStream: () => void this.wakes++,
      },
      notifications: incrementalNotifications({
        connectorName: 'p',
        notify: (notification) => void this.notifications.push(notification),
      }),
      watermarks,
      chunkSize,
      log: logger,
      wait: (ms) => {
        this.waits.push(ms)
        return Promise.resolve()
      },
    })
  }

  get position(): StreamPosition {
    return { offset: () => ({ ...this.snapshot.offsetKeys() }), lsn: 5, lastCommitLsn: 4 }
  }

  add(...tables: readonly (string | Partial<QueuedTable>)[]): void {
    const queued = tables.map((table) => ({
      name: nameOf('t'),
      condition: undefined,
      surrogateKey: undefined,
      correlationId: 'sig-1',
      ...(typeof table === 'string' ? { name: nameOf(table) } : table),
    }))
    this.snapshot.add(queued, 'sig-1')
  }

  /** The stream passes on what the signal table got, one row at a time if `count` is given. */
  deliver(count = Infinity): void {
    const { signals, deletedSignals } = this.server
    for (let done = 0; done < count && this.#delivered < signals.length; done++) {
      const row = signals[this.#delivered++]
      this.snapshot.began(++this.#txId)
      if (row?.type === 'snapshot-window-open') this.snapshot.windowOpened(row.id)
      else if (row !== undefined) this.send(this.snapshot.windowClosed(row.id, this.position))
    }
    while (count === Infinity && this.#deletes < deletedSignals.length)
      this.send(this.snapshot.windowClosed(deletedSignals[this.#deletes++] ?? '', this.position))
  }

  /** Lets the background work and delivers what it writes, until nothing happens any more. */
  async finish(): Promise<void> {
    for (let before = -1; before < this.server.statements.length;) {
      before = this.server.statements.length
      await settled()
      this.deliver()
      await settled()
    }
  }

  /** A transaction of the stream that changes a row of a table. */
  change(table: string, id: number, txId = 90): void {
    this.snapshot.began(txId)
    if (this.snapshot.watchedOid === this.tables.get(table)?.oid)
      this.snapshot.changed(txId, ['id', 'v'], null, rowOf(String(id), 'new'))
    this.sent.push(`<- ${id}`)
  }

  send(records: readonly SourceRecord[]): void {
    for (const { value, sourceOffset } of records) {
      this.sent.push(String(value))
      this.offsets.push(sourceOffset)
    }
  }

  /** Types of the notifications, and the status of scans. */
  get told(): string[] {
    return this.notifications.map(({ type, additionalData }) => {
      const status = additionalData?.['status']
      return status === undefined ? type : `${type} ${status}`
    })
  }
}

export const readOnly = positionWatermarks
