import type { JsonFormat } from '../../../../api/index.ts'
import { jsonString } from '../../../../java/index.ts'
import { UNCHANGED_CELL, type ColumnReader, type Row } from '../../ports.ts'
import type { RowField } from '../fields/row-fields.ts'
import { nullOf, unchangedValue } from '../fields/row-struct.ts'

/** Writes a row as the JSON that the converter writes for its struct. `old` is as for a struct. */
export type RowText = (row: Row, old: Row | null) => string

/** Writes the text of a cell. */
type CellText = (bytes: Buffer, start: number, end: number) => string

/** Compiles fields to a function that writes each of them at its own call site, between constant texts. */
export function rowText(fields: readonly RowField[], format: JsonFormat): RowText {
  if (fields.length === 0) return () => '{}'
  const readers = fields.map(({ reader }) => reader)
  const writers = readers.map(({ schema }) => format.writerOf(schema))
  const cells = readers.map((reader, at) => cellText(reader, writers[at]!))
  const heads = fields.map(({ name }, at) => `${at === 0 ? '{' : ','}${jsonString(name)}:`)
  const terms = fields.map(({ cell }, at) => {
    const head = JSON.stringify(heads[at])
    if (cell < 0) return `${head} + nulls(${at})`
    const unchanged = `at === ${UNCHANGED_CELL} ? w${at}(unchanged(r${at}, old, ${cell})) : nulls(${at})`
    return `${head} + ((at = starts[${cell}]) >= 0 ? c${at}(bytes, at, ends[${cell}]) : ${unchanged})`
  })
  const code = [
    ...fields.map((_, at) => `const r${at} = readers[${at}], w${at} = writers[${at}], c${at} = cells[${at}]`),
    'return (row, old) => {',
    'const bytes = row.bytes, starts = row.starts, ends = row.ends',
    'let at = 0',
    `return ${terms.join(' + ')} + '}'`,
    '}',
  ].join('\n')
  // oxlint-disable-next-line no-new-func, typescript/no-implied-eval -- names come in as string literals only
  const compile = new Function('readers', 'writers', 'cells', 'nulls', 'unchanged', code)
  return compile(readers, writers, cells, nullTexts(readers, writers), unchangedValue) as RowText
}

/** PostgreSQL writes integers as JSON does. */
function cellText({ read, json }: ColumnReader, write: (value: unknown) => string): CellText {
  if (json === 'as is') return (bytes, start, end) => bytes.toString('latin1', start, end)
  return (bytes, start, end) => write(read(bytes, start, end))
}

/** A NULL that cannot be written is an error of the rows that have it, so its text is made when it is needed. */
function nullTexts(
  readers: readonly ColumnReader[],
  writers: readonly ((value: unknown) => string)[],
): (at: number) => string {
  const texts: string[] = []
  return (at) => (texts[at] ??= writers[at]!(nullOf(readers[at]!)))
}
