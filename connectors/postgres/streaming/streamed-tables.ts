import { ConnectError } from '../../../api/index.ts'
import type { Relation } from '../pgoutput/messages.ts'
import { createRow } from '../pgoutput/tuples.ts'
import type { Row } from '../ports.ts'
import type { TableWriter } from './ports.ts'

/** A captured table in the stream, as one version of it. */
export interface CapturedTable {
  readonly oid: number
  readonly name: string
  /** Names of the cells of rows. */
  readonly columns: readonly string[]
  readonly writer: TableWriter
  /** The rows of the current change. */
  readonly row: Row
  readonly old: Row
}

/** The tables that the stream has described so far. */
export class StreamedTables {
  /** By oid. Null for tables that are not captured, which may be many. */
  readonly #tables = new Map<number, CapturedTable | null>()

  /** Replaces the version of a table. `writer` is undefined if the table is not captured. */
  add({ oid, schema, table, columns }: Relation, writer: TableWriter | undefined): void {
    if (writer === undefined) {
      this.#tables.set(oid, null)
      return
    }
    this.#tables.set(oid, {
      oid,
      name: `${schema}.${table}`,
      columns: columns.map(({ name }) => name),
      writer,
      row: createRow(columns.length),
      old: createRow(columns.length),
    })
  }

  /** Returns a captured table. Throws `HR_DATA_INVALID` if the stream has not described the table. */
  captured(oid: number): CapturedTable | undefined {
    const table = this.#tables.get(oid)
    if (table !== undefined) return table ?? undefined
    throw new ConnectError('HR_DATA_INVALID', `The stream contains a change of the unknown relation ${oid}.`)
  }
}
