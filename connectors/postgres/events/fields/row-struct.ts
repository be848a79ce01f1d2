import { isDeepStrictEqual } from 'node:util'
import { UNCHANGED_CELL, type ColumnReader, type Row } from '../../ports.ts'
import type { RowField } from './row-fields.ts'

export type Struct = Readonly<Record<string, unknown>>

/**
 * Builds the struct of a row. `old` is the old row of the same change, if the server sent one: it has the values of TOASTed
 * cells that did not change.
 */
export type RowStruct = (row: Row, old: Row | null) => Struct

/**
 * Compiles fields to a function that reads each of them at its own call site: the engine then knows which reader is called
 * and which shape the struct has. NULL becomes null in optional fields, and otherwise the reader's fallback.
 *
 * Source: TableSchemaBuilder.createValueGenerator.
 */
export function rowStruct(fields: readonly RowField[]): RowStruct {
  const readers = fields.map(({ reader }) => reader)
  const nulls = fields.map(({ reader }) => nullOf(reader))
  const steps = fields.flatMap(({ cell }, at) => [
    `let v${at} = n${at}`,
    ...(cell < 0
      ? []
      : [
          `at = starts[${cell}]`,
          `if (at >= 0) v${at} = r${at}.read(bytes, at, ends[${cell}])`,
          `else if (at === ${UNCHANGED_CELL}) v${at} = unchanged(r${at}, old, ${cell})`,
        ]),
  ])
  const code = [
    ...fields.map((_, at) => `const r${at} = readers[${at}], n${at} = nulls[${at}]`),
    'return (row, old) => {',
    'const bytes = row.bytes, starts = row.starts, ends = row.ends',
    'let at = 0',
    ...steps,
    `return { ${fields.map(({ name }, at) => `[${JSON.stringify(name)}]: v${at}`).join(', ')} }`,
    '}',
  ].join('\n')
  // oxlint-disable-next-line no-new-func, typescript/no-implied-eval -- names come in as string literals only
  return new Function('readers', 'nulls', 'unchanged', code)(readers, nulls, unchangedValue) as RowStruct
}

/** Value of a NULL. */
export function nullOf(reader: ColumnReader): unknown {
  return reader.schema.optional ? (reader.nullValue ?? null) : reader.fallback
}

/**
 * Value of a TOASTed cell that did not change: that of the old row if it has one, else the placeholder. Source:
 * PostgresChangeRecordEmitter.columnValues.
 */
export function unchangedValue(reader: ColumnReader, old: Row | null, cell: number): unknown {
  if (old === null || cell >= old.count) return reader.unavailable
  const start = old.starts[cell]!
  return start >= 0 ? reader.read(old.bytes, start, old.ends[cell]!) : reader.unavailable
}

/** Whether the structs of two rows of a change are equal. Compares values only if their text differs. */
export function equalFields(fields: readonly RowField[], row: Row, old: Row): boolean {
  for (const field of fields) {
    if (!equalField(field, row, old)) return false
  }
  return true
}

function equalField({ cell, reader }: RowField, row: Row, old: Row): boolean {
  if (cell < 0) return true
  const start = row.starts[cell]!
  const oldStart = old.starts[cell]!
  if (start === UNCHANGED_CELL && oldStart >= 0) return true
  if (start < 0 && start === oldStart) return true
  const end = row.ends[cell]!
  const oldEnd = old.ends[cell]!
  if (start >= 0 && oldStart >= 0 && row.bytes.compare(old.bytes, oldStart, oldEnd, start, end) === 0)
    return true
  // different text can have the same value: of a masked column, for example
  return isDeepStrictEqual(valueOf(reader, row, cell), valueOf(reader, old, cell))
}

function valueOf(reader: ColumnReader, row: Row, cell: number): unknown {
  const start = row.starts[cell]!
  if (start >= 0) return reader.read(row.bytes, start, row.ends[cell]!)
  return start === UNCHANGED_CELL ? reader.unavailable : nullOf(reader)
}
