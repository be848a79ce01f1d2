import type { Row } from '../../../ports.ts'

/** Returns a row with these cells; null is NULL, undefined an unchanged TOASTed value. */
export function rowOf(...cells: readonly (string | null | undefined)[]): Row {
  const parts = cells.map((cell) => Buffer.from(cell ?? ''))
  const row: Row = {
    bytes: Buffer.concat(parts),
    starts: new Int32Array(cells.length),
    ends: new Int32Array(cells.length),
    count: cells.length,
  }
  let at = 0
  for (const [index, cell] of cells.entries()) {
    const length = parts[index]?.length ?? 0
    row.starts[index] = cell === null ? -1 : cell === undefined ? -2 : at
    row.ends[index] = cell === null || cell === undefined ? -1 : at + length
    at += length
  }
  return row
}
