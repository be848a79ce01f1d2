/** How far a table is read. */
export interface TableProgress {
  readonly table: string
  readonly state: 'waiting' | 'reading' | 'done'
  /** Rows read so far, repeated ones not included. */
  readonly rows: number
  /** Size of these rows as text. */
  readonly bytes: number
  /** Size of the table on the server, an estimate until it is read; 0 if unknown. */
  readonly size: number
  /** 0 to 1. */
  readonly fraction: number
}

/** How far a snapshot is. */
export interface SnapshotProgress {
  readonly tables: readonly TableProgress[]
  readonly tablesDone: number
  readonly rows: number
  readonly bytes: number
  /** 0 to 1. Tables count by their size. */
  readonly fraction: number
  readonly rowsPerSecond: number
  readonly elapsedMs: number
  /** Milliseconds until the estimated end; null if it is too early for an estimate. */
  readonly remainingMs: number | null
  /** One line for people. */
  readonly text: string
}

interface Meter {
  readonly table: string
  size: number
  state: TableProgress['state']
  rows: number
  bytes: number
  /** Sizes of the parts that are done. */
  partsDone: number
}

/** An estimate needs so much of a snapshot behind it. */
const ESTIMATE_FROM_MS = 2000
const ESTIMATE_FROM_FRACTION = 0.005

/** Each table counts as if it had at least one page, so that empty tables are progress as well. */
const MIN_SIZE = 8192

/**
 * Measures a snapshot. Parts of a table that are done count with their size on the server; the rows of a part that is being
 * read, which are of a different size as text, count up to the size of that part.
 */
export class ProgressMeter {
  readonly #meters: readonly Meter[]
  readonly #now: () => number
  readonly #start: number

  /** `size` in bytes. `now` returns milliseconds. */
  constructor(tables: readonly { readonly table: string; readonly size: number }[], now = () => Date.now()) {
    this.#meters = tables.map(({ table, size }) => ({
      table,
      size: Math.max(size, 0),
      state: 'waiting',
      rows: 0,
      bytes: 0,
      partsDone: 0,
    }))
    this.#now = now
    this.#start = now()
  }

  /** The table is about to be read, and has this size. */
  resize(table: number, size: number): void {
    const meter = this.#meters[table]
    if (meter !== undefined) meter.size = size
  }

  /** Rows of a table have been read; negative if they are going to be read again. */
  add(table: number, rows: number, bytes: number): void {
    const meter = this.#meters[table]
    if (meter === undefined) return
    meter.state = 'reading'
    meter.rows += rows
    meter.bytes += bytes
  }

  /** A part of a table is done. `size` is its size on the server. */
  partDone(table: number, size: number): void {
    const meter = this.#meters[table]
    if (meter !== undefined) meter.partsDone += size
  }

  tableDone(table: number): void {
    const meter = this.#meters[table]
    if (meter !== undefined) meter.state = 'done'
  }

  rowsOf(table: number): number {
    return this.#meters[table]?.rows ?? 0
  }

  report(): SnapshotProgress {
    const tables = this.#meters.map(progressOf)
    let [rows, bytes, done, total, tablesDone] = [0, 0, 0, 0, 0]
    for (const each of tables) {
      const weight = Math.max(each.size, MIN_SIZE)
      rows += each.rows
      bytes += each.bytes
      total += weight
      done += weight * each.fraction
      if (each.state === 'done') tablesDone++
    }
    const fraction = total === 0 ? 1 : done / total
    const elapsedMs = this.#now() - this.#start
    const rowsPerSecond = elapsedMs <= 0 ? 0 : Math.round((rows * 1000) / elapsedMs)
    const remainingMs = remaining(fraction, elapsedMs)
    const numbers = { tables, tablesDone, rows, bytes, fraction, rowsPerSecond, elapsedMs, remainingMs }
    return { ...numbers, text: describe(numbers) }
  }
}

function progressOf(meter: Meter): TableProgress {
  const { table, state, rows, bytes, size, partsDone } = meter
  return { table, state, rows, bytes, size, fraction: fractionOf(state, size, partsDone, bytes) }
}

function fractionOf(state: TableProgress['state'], size: number, partsDone: number, bytes: number): number {
  if (state === 'done') return 1
  if (state === 'waiting' || size === 0) return 0
  return Math.min(Math.max(partsDone, Math.min(bytes, size)) / size, 0.99)
}

function remaining(fraction: number, elapsedMs: number): number | null {
  if (fraction >= 1) return 0
  if (elapsedMs < ESTIMATE_FROM_MS || fraction < ESTIMATE_FROM_FRACTION) return null
  return Math.round((elapsedMs * (1 - fraction)) / fraction)
}

/** The most tables that are named in the text. */
const NAMED = 3

function describe(progress: Omit<SnapshotProgress, 'text'>): string {
  const { tables, tablesDone, rows, rowsPerSecond, fraction, remainingMs } = progress
  const reading = tables.filter(({ state }) => state === 'reading')
  const named = reading.slice(0, NAMED).map((each) => `${each.table} ${percent(each.fraction)}`)
  if (reading.length > NAMED) named.push(`${reading.length - NAMED} more`)
  const parts = [
    `${tablesDone} of ${tables.length} tables`,
    ...named,
    `${rows} rows`,
    `${rowsPerSecond} rows/s`,
    `${percent(fraction)} in total`,
  ]
  if (remainingMs !== null && remainingMs > 0) parts.push(`about ${duration(remainingMs)} left`)
  return parts.join(', ')
}

const percent = (fraction: number): string => `${Math.floor(fraction * 100)} %`

function duration(ms: number): string {
  const seconds = Math.ceil(ms / 1000)
  if (seconds < 120) return `${seconds} s`
  const minutes = Math.ceil(seconds / 60)
  return minutes < 120 ? `${minutes} min` : `${Math.ceil(minutes / 60)} h`
}
