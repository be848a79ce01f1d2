import { NULL_CELL, UNCHANGED_CELL, type Row, type RowConsumer } from '../ports.ts'
import type { ReselectedColumn, ReselectPlan } from './plan.ts'
import { reselectSql, type KeyTexts } from './statement.ts'

/** The new row of an event. Its fields are replaced when they have been read. */
export type After = Record<string, unknown>

/** An event, and which columns of the plan it lacks. */
interface Incomplete {
  readonly after: After
  readonly lacks: readonly number[]
}

/** All events of one row. */
interface IncompleteRow {
  readonly key: KeyTexts
  readonly events: Incomplete[]
  found: boolean
}

/** The events of a table that lack values, since the last query. */
export class ReselectBatch {
  readonly plan: ReselectPlan
  readonly #rows = new Map<string, IncompleteRow>()
  readonly #lacked = new Set<number>()
  /** Events of rows whose key the stream did not send. */
  #withoutKey = 0

  constructor(plan: ReselectPlan) {
    this.plan = plan
  }

  /** Adds an event if it lacks values. `old` is the old row if the server sent one: it has TOASTed cells. */
  add(after: After, row: Row, old: Row | null): boolean {
    const lacks = lackedColumns(this.plan.columns, row, old)
    if (lacks === undefined) return false
    const key = keyTexts(this.plan, row, old)
    if (key === undefined) {
      this.#withoutKey++
      return true
    }
    for (const index of lacks) this.#lacked.add(index)
    const id = key.join('\0')
    const known = this.#rows.get(id)
    if (known === undefined) this.#rows.set(id, { key, events: [{ after, lacks }], found: false })
    else known.events.push({ after, lacks })
    return true
  }

  get hasRows(): boolean {
    return this.#rows.size > 0
  }

  /** Number of rows that were not found, once the query has ended. */
  get missing(): number {
    let missing = this.#withoutKey
    for (const { found } of this.#rows.values()) if (!found) missing++
    return missing
  }

  /** Number of rows. */
  get size(): number {
    return this.#rows.size + this.#withoutKey
  }

  /** Returns the query of the values, and what sets them. */
  query(): { readonly sql: string; readonly cells: number; readonly consumer: ReselectConsumer } {
    const rows = [...this.#rows.values()]
    const lacked = [...this.#lacked].toSorted((a, b) => a - b)
    const columns = lacked.map((index) => this.plan.columns[index]!)
    const sql = reselectSql(
      this.plan,
      columns,
      rows.map(({ key }) => key),
    )
    const positions = new Map(lacked.map((index, position) => [index, position]))
    return { sql, cells: columns.length + 1, consumer: consumerOf(rows, columns, positions) }
  }
}

/** Takes the rows of the query. */
export interface ReselectConsumer extends RowConsumer {
  /** Bytes of the values so far. */
  readonly bytes: number
}

/** A key that is not unique finds several rows: the first one counts. */
function consumerOf(
  rows: readonly IncompleteRow[],
  columns: readonly ReselectedColumn[],
  positions: ReadonlyMap<number, number>,
): ReselectConsumer {
  let bytes = 0
  const values: unknown[] = []
  return {
    get bytes() {
      return bytes
    },
    row(cells) {
      const incomplete = rows[Number(cells.bytes.toString('latin1', cells.starts[0], cells.ends[0]))]
      if (incomplete === undefined || incomplete.found) return
      incomplete.found = true
      columns.forEach((column, position) => {
        values[position] = valueOf(column, cells, position + 1)
        bytes += cells.ends[position + 1]! - cells.starts[position + 1]!
      })
      for (const { after, lacks } of incomplete.events) {
        // the fields exist: this does not change the shape of the struct
        for (const index of lacks) {
          const position = positions.get(index)!
          Reflect.set(after, columns[position]!.field, values[position])
        }
      }
    },
    endOfChunk: () => undefined,
  }
}

function valueOf({ reader }: ReselectedColumn, row: Row, cell: number): unknown {
  const start = row.starts[cell]!
  return start < 0 ? (reader.nullValue ?? null) : reader.read(row.bytes, start, row.ends[cell]!)
}

/** Returns the indexes of the columns that an event lacks; undefined if there are none. */
function lackedColumns(
  columns: readonly ReselectedColumn[],
  row: Row,
  old: Row | null,
): number[] | undefined {
  let lacked: number[] | undefined
  for (let index = 0; index < columns.length; index++) {
    const { cell, whenNull, whenUnchanged } = columns[index]!
    const start = row.starts[cell]!
    const lacks =
      start === NULL_CELL
        ? whenNull
        : start === UNCHANGED_CELL && whenUnchanged && (old === null || startIn(old, cell) < 0)
    if (!lacks) continue
    if (lacked === undefined) lacked = [index]
    else lacked.push(index)
  }
  return lacked
}

/** Returns the key of a row; undefined if a part of it is NULL or was not sent. */
function keyTexts({ key }: ReselectPlan, row: Row, old: Row | null): KeyTexts | undefined {
  const texts: string[] = []
  for (const { cell } of key) {
    const source = row.starts[cell] === UNCHANGED_CELL && old !== null ? old : row
    const start = startIn(source, cell)
    if (start < 0) return undefined
    texts.push(source.bytes.toString('utf8', start, source.ends[cell]))
  }
  return texts
}

const startIn = (row: Row, cell: number): number => (cell < row.count ? row.starts[cell]! : NULL_CELL)
