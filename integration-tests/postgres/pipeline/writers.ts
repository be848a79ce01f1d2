import type { Client } from 'pg'
import type { Database } from '../../services/index.ts'
import type { Change } from './history.ts'

/**
 * The table of the writers. The full identity shows the version of a deleted row. The other table, which no connector
 * captures, has the committed transactions: a server that crashed may assign the ID of a lost transaction again.
 */
export const ITEMS = `
  CREATE TABLE items (id int PRIMARY KEY, version int NOT NULL DEFAULT 1, note text);
  ALTER TABLE items REPLICA IDENTITY FULL;
  CREATE SCHEMA writers;
  CREATE TABLE writers.committed (transaction text PRIMARY KEY)`

/** Clients that change rows all the time, each of them its own keys. */
export interface Writers {
  /** The committed changes of each key. Complete after {@link Writers.stop}. */
  readonly history: ReadonlyMap<number, readonly Change[]>
  /** Number of committed transactions. */
  readonly transactions: number
  /** The numbers of changes of the keys now. */
  counts(): ReadonlyMap<number, number>
  /** Resolves when all clients have finished their transactions. */
  stop(): Promise<void>
}

const KEYS_PER_WRITER = 10_000_000
const COPIED_ROWS = 40

/** Starts the writers. Those whose connection ends connect again: a transaction without a known end is looked up. */
export function startWriters(database: Database, count: number, pauseMs = 5): Writers {
  const history = new Map<number, Change[]>()
  const stopping = new AbortController()
  let transactions = 0
  const committed = () => void transactions++
  const running = Array.from({ length: count }, (_, index) =>
    new Writer(database, history, (index + 1) * KEYS_PER_WRITER).run(stopping.signal, pauseMs, committed),
  )
  return {
    history,
    get transactions() {
      return transactions
    },
    counts: () => new Map([...history].map(([key, changes]) => [key, changes.length])),
    async stop() {
      stopping.abort()
      await Promise.all(running)
    },
  }
}

interface Step {
  readonly sql: string
  readonly changes: readonly (readonly [key: number, change: Change])[]
}

/** Makes transactions of one to six changes, some of which are rolled back. */
class Writer {
  readonly #database: Database
  readonly #history: Map<number, Change[]>
  readonly #name: string
  #nextKey: number
  /** The version of each existing row, and of each deleted one. */
  #rows = new Map<number, number>()
  #random: number
  /** Number of transactions that were begun. */
  #begun = 0

  constructor(database: Database, history: Map<number, Change[]>, firstKey: number) {
    this.#database = database
    this.#history = history
    this.#name = String(firstKey)
    this.#nextKey = firstKey
    this.#random = firstKey
  }

  async run(signal: AbortSignal, pauseMs: number, committed: () => void): Promise<void> {
    let client: Client | undefined
    while (!signal.aborted) {
      try {
        client ??= await this.#database.connect()
        await this.#transaction(client)
        committed()
      } catch {
        await client?.end().catch(() => {})
        client = undefined
      }
      await pause(pauseMs)
    }
    await client?.end()
  }

  async #transaction(client: Client): Promise<void> {
    const before = new Map(this.#rows)
    const steps = Array.from({ length: 1 + this.#below(6) }, () => this.#step())
    const rollsBack = this.#below(10) === 0
    const name = `${this.#name}-${++this.#begun}`
    let id = ''
    let isCommitting = false
    try {
      await client.query('BEGIN')
      const { rows } = await client.query<{ id: string }>('SELECT pg_current_xact_id()::text AS id')
      id = rows[0]?.id ?? ''
      for (const { sql } of steps) await client.query(sql)
      await client.query('INSERT INTO writers.committed VALUES ($1)', [name])
      isCommitting = !rollsBack
      await client.query(rollsBack ? 'ROLLBACK' : 'COMMIT')
      if (rollsBack) this.#rows = before
      else this.#record(steps)
    } catch (error) {
      if (isCommitting && (await this.#hasCommitted(id, name))) this.#record(steps)
      else this.#rows = before
      throw error
    }
  }

  /** Whether a transaction has committed whose client did not hear of it. Waits while the server does not run. */
  async #hasCommitted(id: string, name: string): Promise<boolean> {
    const isRunning = `SELECT pg_xact_status($1::text::xid8) = 'in progress' AS is_so`
    while ((await this.#answer(isRunning, id)) === true) await pause(100)
    return (
      (await this.#answer(`SELECT true AS is_so FROM writers.committed WHERE transaction = $1`, name)) ===
      true
    )
  }

  /** Resolves to the answer to a question once the server runs; undefined if there is no row. */
  async #answer(sql: string, param: string): Promise<boolean | null | undefined> {
    for (;;) {
      const rows = await this.#database.query<{ is_so: boolean | null }>(sql, [param]).catch(() => undefined)
      if (rows !== undefined) return rows[0]?.is_so
      await pause(100)
    }
  }

  #record(steps: readonly Step[]): void {
    for (const [key, change] of steps.flatMap(({ changes }) => changes)) {
      const changes = this.#history.get(key)
      if (changes === undefined) this.#history.set(key, [change])
      else changes.push(change)
    }
  }

  #step(): Step {
    const [key, version = 0] = this.#anyRow() ?? []
    const choice = this.#below(10)
    if (key === undefined || choice < 3) return this.#insert()
    if (choice === 3) return this.#copy()
    if (choice === 4) return this.#delete(key, version)
    if (choice === 5) return this.#changeKey(key, version)
    this.#rows.set(key, version + 1)
    const sql = `UPDATE items SET version = ${version + 1} WHERE id = ${key}`
    return { sql, changes: [[key, { op: 'u', version: version + 1 }]] }
  }

  #insert(): Step {
    const key = this.#nextKey++
    this.#rows.set(key, 1)
    const sql = `INSERT INTO items (id, note) VALUES (${key}, repeat('x', ${this.#below(200)}))`
    return { sql, changes: [[key, { op: 'c', version: 1 }]] }
  }

  /** The rows of a COPY share positions in the WAL. */
  #copy(): Step {
    const first = this.#nextKey
    this.#nextKey += COPIED_ROWS
    const keys = Array.from({ length: COPIED_ROWS }, (_, index) => first + index)
    for (const key of keys) this.#rows.set(key, 1)
    const sql = `COPY items (id) FROM PROGRAM 'seq ${first} ${first + COPIED_ROWS - 1}'`
    return { sql, changes: keys.map((key) => [key, { op: 'c', version: 1 }] as const) }
  }

  #delete(key: number, version: number): Step {
    this.#rows.delete(key)
    return { sql: `DELETE FROM items WHERE id = ${key}`, changes: [[key, { op: 'd', version }]] }
  }

  #changeKey(key: number, version: number): Step {
    const other = this.#nextKey++
    this.#rows.delete(key)
    this.#rows.set(other, version + 1)
    const sql = `UPDATE items SET id = ${other}, version = ${version + 1} WHERE id = ${key}`
    return {
      sql,
      changes: [
        [key, { op: 'd', version }],
        [other, { op: 'c', version: version + 1 }],
      ],
    }
  }

  #anyRow(): readonly [key: number, version: number] | undefined {
    const size = Math.min(this.#rows.size, 50)
    const skip = size === 0 ? 0 : this.#below(size)
    let at = 0
    for (const row of this.#rows) if (at++ === skip) return row
    return undefined
  }

  /** The same sequence in each run. */
  #below(limit: number): number {
    this.#random = (this.#random * 1_103_515_245 + 12_345) % 2_147_483_648
    return Math.floor((this.#random / 2_147_483_648) * limit)
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms))
