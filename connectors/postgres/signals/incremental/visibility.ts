/** What a statement saw: the result of `txid_current_snapshot()`. */
export interface VisibleTransactions {
  /** All transactions before this one are visible, or were rolled back. */
  readonly xmin: number
  /** No transaction from this one on is visible. */
  readonly xmax: number
  readonly running: ReadonlySet<number>
}

const CYCLE = 2 ** 32

/** Parses `xmin:xmax:running,…`, as PostgreSQL prints snapshots. */
export function parseVisible(text: string): VisibleTransactions {
  const [xmin, xmax, running] = text.split(':')
  const ids = running === undefined || running === '' ? [] : running.split(',').map(Number)
  return { xmin: Number(xmin), xmax: Number(xmax), running: new Set(ids) }
}

/** Whether a transaction that has committed is visible. The id is the one of the stream: without the epoch. */
export function isVisible({ xmin, xmax, running }: VisibleTransactions, txId: number): boolean {
  // The transaction is at most half a cycle away from xmax: the distance fits into 32 signed bits.
  const id = xmax + ((txId - (xmax % CYCLE)) | 0)
  return id < xmin || (id < xmax && !running.has(id))
}

/** Transactions to remember. More than can pass between two looks at what is visible, and 256 KiB. */
const REMEMBERED = 65_536

/**
 * The transactions that the stream has passed on, as far as it is not known that they are visible to statements.
 *
 * Why: a transaction becomes visible a little after its commit record is in the WAL, and much later if it waits for a
 * synchronous standby. The stream passes it on as soon as the record is flushed. A chunk that is read in between has the
 * old rows, and their changes came before the window: nothing in the window removes the old rows, which would then be
 * sent as the newest ones. Such a chunk must be read again.
 *
 * The rule: a chunk is right if every transaction that was passed on before its window opened is visible to the SELECT
 * that has read the chunk. All others either come within the window, where the stream wins, or after its end, and were
 * then not visible to the SELECT, so that their changes are newer.
 *
 * Differs: Debezium sends such rows.
 *
 * Memory is bounded: if the id of a transaction was overwritten before it was seen to be visible, `lostTrack` is true, and
 * `assume` must be told which transactions wait for a standby at this moment. No other one stays invisible for long.
 */
export class PassedTransactions {
  readonly #ids: Int32Array
  #count = 0
  /** Transactions before this one were seen to be visible, or are suspects. */
  #settled = 0
  /** Number of transactions before the window; undefined while it is not open. */
  #opened: number | undefined
  #visible: VisibleTransactions | undefined
  #suspects: number[] = []
  #lost = true

  constructor(remembered: number = REMEMBERED) {
    this.#ids = new Int32Array(remembered)
  }

  /** A transaction is about to be passed on. */
  began(txId: number): void {
    this.#ids[this.#count % this.#ids.length] = txId
    this.#count++
    if (this.#visible === undefined || this.#opened !== undefined) return
    if (!isVisible(this.#visible, txId)) this.#suspects.push(txId)
    this.#settled = this.#count
  }

  /** Whether transactions were forgotten before they were seen to be visible. */
  get lostTrack(): boolean {
    return this.#lost || this.#count - this.#settled > this.#ids.length
  }

  /** Called if `lostTrack`, with the transactions that have committed and are not visible. */
  assume(invisible: readonly number[]): void {
    this.#lost = false
    this.#suspects.push(...invisible)
    this.#settled = Math.max(this.#settled, this.#count - this.#ids.length)
  }

  /** No window is open, and no chunk was read. */
  clear(): void {
    this.#opened = undefined
    this.#visible = undefined
  }

  /** The stream wins from here on. */
  openWindow(): void {
    this.#opened ??= this.#count
  }

  /** The chunk was read by a statement that sees these transactions. */
  chunkRead(visible: VisibleTransactions): void {
    this.#visible = visible
    this.#suspects = this.#suspects.filter((txId) => !isVisible(visible, txId))
    const end = this.#opened ?? this.#count
    for (let index = this.#settled; index < end; index++) {
      const txId = this.#ids[index % this.#ids.length] ?? 0
      if (!isVisible(visible, txId)) this.#suspects.push(txId)
    }
    if (this.lostTrack) this.#lost = true
    this.#settled = Math.max(this.#settled, end)
  }

  /** Whether the chunk can be older than what the stream passed on before its window. */
  get chunkIsStale(): boolean {
    return this.#suspects.length > 0 || this.#lost
  }
}
