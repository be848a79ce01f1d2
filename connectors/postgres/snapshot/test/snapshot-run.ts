import { sourceRecord, type SourceRecord } from '../../../../api/index.ts'
import type { SnapshotParts, SnapshotResult, SnapshotSettings } from '../parts.ts'
import type { PlanRules } from '../plan.ts'
import type { SnapshotNotice } from '../ports.ts'
import { takeSnapshot } from '../snapshot.ts'
import type { Database, Table } from '../../ports.ts'

export const settings: SnapshotSettings = {
  'snapshot.isolation.mode': 'serializable',
  'snapshot.locking.mode': 'none',
  'snapshot.lock.timeout.ms': 10_000,
  'snapshot.delay.ms': 0,
  'snapshot.max.threads': 1,
  'snapshot.max.threads.multiplier': 1,
  'legacy.snapshot.max.threads': false,
}

/** Rules that make records with the first cell as value. */
export const rules: PlanRules = {
  snapshotOrder: (tables) => tables,
  columns: ({ columns }) => columns,
  select: () => undefined,
  isSignalTable: () => false,
  orderByRowCount: 'disabled',
  writer: (table) => ({
    newChunk: () => undefined,
    read: ({ bytes, starts, ends }, { marker }, sourceOffset) =>
      sourceRecord({
        topic: table.table,
        sourcePartition: {},
        sourceOffset,
        value: { id: bytes.toString('utf8', starts[0] ?? 0, ends[0] ?? 0), source: { snapshot: marker } },
      }),
  }),
}

/** Where the tables are. */
export interface SnapshotServer {
  readonly tables: readonly Table[]
  open(): Promise<Database>
}

/** A snapshot of a server, and what it has passed on. */
export interface SnapshotTest {
  readonly result: Promise<SnapshotResult>
  readonly records: SourceRecord[]
  /** `id marker` of the records. */
  readonly texts: () => string[]
  readonly log: string[]
  readonly notices: SnapshotNotice[]
  readonly progress: string[]
  stop(reason: Error): void
}

export interface TestOptions extends Partial<Omit<SnapshotParts, 'config'>> {
  readonly config?: Partial<SnapshotSettings>
}

export function snapshotOf(server: SnapshotServer, options: TestOptions = {}): SnapshotTest {
  const records: SourceRecord[] = []
  const log: string[] = []
  const notices: SnapshotNotice[] = []
  const progress: string[] = []
  const stop = new AbortController()
  const write = (level: string) => (message: string) => void log.push(`${level}: ${message}`)
  const result = takeSnapshot({
    kind: 'INITIAL',
    tables: server.tables,
    rules,
    openReader: () => server.open(),
    exported: undefined,
    before: undefined,
    repeats: false,
    streamsFrom: undefined,
    emit: (batch) => void records.push(...batch),
    progress: (_task, { text }) => void progress.push(text),
    notify: (notice) => void notices.push(notice),
    log: {
      error: write('error'),
      warn: write('warn'),
      info: write('info'),
      debug: write('debug'),
      trace: write('trace'),
    },
    signal: stop.signal,
    ...options,
    config: { ...settings, ...options.config },
  })
  result.catch(() => undefined)
  const texts = () =>
    records.map(({ value }) => {
      const { id, source } = value as { id: string; source: { snapshot: string } }
      return `${id} ${source.snapshot}`
    })
  return { result, records, texts, log, notices, progress, stop: (reason) => stop.abort(reason) }
}
