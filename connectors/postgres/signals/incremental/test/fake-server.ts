import type { SourceRecord } from '../../../../../api/index.ts'
import { sourceRecord } from '../../../../../api/index.ts'
import type { Database, RowConsumer, Table, TableName } from '../../../ports.ts'
import type { ChunkSource } from '../../ports.ts'
import { cellText } from '../chunk-rows.ts'
import { rowOf } from './rows.ts'

/** A statement that waits until the test lets it go on. */
interface Gate {
  readonly pattern: RegExp
  readonly error: Error | undefined
  readonly reached: Promise<void>
  readonly arrive: () => void
  readonly opened: Promise<void>
  readonly open: () => void
}

/** A row of the signal table. */
export interface SignalInsert {
  readonly id: string
  readonly type: string
  readonly data: string
}

/**
 * A server with tables `public.<name>` of two columns, id (int, primary key) and v, whose rows a test changes at will. It
 * understands just the statements of incremental snapshots.
 */
export class FakeServer {
  readonly tables = new Map<string, Map<number, string>>()
  readonly statements: string[] = []
  /** What was inserted into the signal table, in order. */
  readonly signals: SignalInsert[] = []
  readonly deletedSignals: string[] = []
  waiting: number[] = []
  visible = '100:100:'
  lsn = 1000
  connections = 0
  closed = 0
  #gates: Gate[] = []

  add(table: string, ...ids: number[]): this {
    this.tables.set(table, new Map(ids.map((id) => [id, `v${id}`])))
    return this
  }

  /** The next statement that matches waits for `open`, or fails with an error. */
  gate(pattern: RegExp, error?: Error): Gate {
    let arrive: () => void = () => undefined
    let open: () => void = () => undefined
    const reached = new Promise<void>((resolve) => (arrive = resolve))
    const opened = new Promise<void>((resolve) => (open = resolve))
    const gate = { pattern, error, reached, arrive, opened, open }
    this.#gates.push(gate)
    if (error !== undefined) open()
    return gate
  }

  /** Waits until a statement arrives, lets it pass, and waits until it was answered. */
  async passes(pattern: RegExp): Promise<void> {
    const gate = this.gate(pattern)
    await gate.reached
    gate.open()
    await settled()
  }

  connect(): Promise<Database> {
    this.connections++
    let end: () => void = () => undefined
    const ended = new Promise<undefined>((resolve) => (end = () => resolve(undefined)))
    return Promise.resolve({
      processId: 1,
      ended,
      query: async (sql: string, values: readonly (string | number | null)[] = []) => {
        await this.#statement(sql)
        return this.#answer(sql, values)
      },
      copyOut: async (sql: string, _columns: number, consumer: RowConsumer) => {
        const count = this.#copy(sql, consumer)
        await this.#statement(sql)
        return count
      },
      close: () => {
        this.closed++
        end()
        return Promise.resolve()
      },
    })
  }

  async #statement(sql: string): Promise<void> {
    this.statements.push(sql)
    const index = this.#gates.findIndex(({ pattern }) => pattern.test(sql))
    const [gate] = index === -1 ? [] : this.#gates.splice(index, 1)
    gate?.arrive()
    await gate?.opened
    if (gate?.error !== undefined) throw gate.error
  }

  #answer(
    sql: string,
    values: readonly (string | number | null)[],
  ): readonly Readonly<Record<string, string | null>>[] {
    if (sql.includes('pg_stat_activity')) return this.waiting.map((xid) => ({ xid: String(xid) }))
    if (sql.includes('txid_current_snapshot')) return [{ visible: this.visible, lsn: String(this.lsn) }]
    if (sql.includes('is_domain'))
      return ['id', 'v'].map((name) => ({
        name,
        type: name === 'id' ? 'integer' : 'text',
        is_domain: 'false',
      }))
    if (sql.startsWith('INSERT')) {
      const [id, type, data] = values.map(String)
      this.signals.push({ id: id ?? '', type: type ?? '', data: data ?? '' })
    } else if (sql.startsWith('DELETE')) this.deletedSignals.push(String(values[0]))
    else if (sql.includes('AS k0')) {
      const ids = this.#ids(sql)
      return ids.length === 0 ? [] : [{ k0: String(Math.max(...ids)) }]
    }
    return []
  }

  #copy(sql: string, consumer: RowConsumer): number {
    const after = Number(/> \('(\d+)'/.exec(sql)?.[1] ?? -1)
    const maximum = Number(/<= \('(\d+)'/.exec(sql)?.[1])
    const limit = Number(/LIMIT (\d+)/.exec(sql)?.[1])
    const ids = this.#ids(sql).filter((id) => id > after && id <= maximum)
    const chunk = ids.toSorted((a, b) => a - b).slice(0, limit)
    const table = this.#table(sql)
    for (const id of chunk) consumer.row(rowOf(String(id), table.get(id)))
    return chunk.length
  }

  #table(sql: string): Map<number, string> {
    return this.tables.get(/FROM "public"\."(\w+)"/.exec(sql)?.[1] ?? '') ?? new Map<number, string>()
  }

  #ids(sql: string): number[] {
    return [...this.#table(sql).keys()]
  }
}

/** Waits until everything that can go on has gone on. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve))
}

export const nameOf = (table: string): TableName => ({ schema: 'public', table })

/** The description of a table of {@link FakeServer}. */
export function fakeTable(name: string, oid: number, changes: Partial<Table> = {}): Table {
  const column = { typmod: -1, defaultExpression: null, comment: null, generated: false }
  return {
    ...nameOf(name),
    oid,
    columns: [
      { ...column, name: 'id', number: 1, typeOid: 23, optional: false },
      { ...column, name: 'v', number: 2, typeOid: 25, optional: true },
    ],
    primaryKey: ['id'],
    uniqueIndex: [],
    replicaIdentity: 'd',
    kind: 'table',
    ...changes,
  }
}

/** Makes records whose value is `id=v`. */
export function fakeSource(table: Table): ChunkSource {
  return {
    table,
    columns: table.columns.map(({ name }) => name),
    keyColumns: table.primaryKey.length > 0 ? table.primaryKey : table.uniqueIndex,
    read: (row, _at, sourceOffset, out: SourceRecord[]) => {
      const value = `${cellText(row, 0)}=${cellText(row, 1)}`
      out.push(sourceRecord({ topic: table.table, value, sourcePartition: null, sourceOffset }))
    },
  }
}
