import { ConnectError } from '../../../api/index.ts'
import { NULL_CELL, type Row } from '../ports.ts'

const TAB = 9
const NEWLINE = 10
const BACKSLASH = 92
const CAPITAL_N = 78

/** The bytes that COPY writes as a backslash and a letter. Any other escaped byte stands for itself. */
const escapes = new Uint8Array(256).map((_, byte) => byte)
for (const [letter, byte] of [
  ['b', 8],
  ['t', TAB],
  ['n', NEWLINE],
  ['v', 11],
  ['f', 12],
  ['r', 13],
] as const) {
  escapes[letter.charCodeAt(0)] = byte
}

/** A row with room for so many cells. */
export function emptyRow(columns: number): Row {
  return {
    bytes: Buffer.alloc(0),
    starts: new Int32Array(columns),
    ends: new Int32Array(columns),
    count: columns,
  }
}

/**
 * Sets the row to one line of `COPY … TO STDOUT` in text format. Escapes are resolved in place: the bytes change. Throws
 * HR_DATA_INVALID if the line does not have the row's number of cells.
 */
export function splitRow(bytes: Buffer, start: number, end: number, row: Row): void {
  const { starts, ends } = row
  const columns = starts.length
  const stop = bytes[end - 1] === NEWLINE ? end - 1 : end
  row.bytes = bytes
  row.count = columns
  if (columns === 0 && start === stop) return
  let cell = 0
  let from = start
  let at = start
  for (;;) {
    const byte = at < stop ? bytes[at] : TAB
    if (byte === TAB) {
      if (cell === columns) throw wrongCount(cell + 1, columns)
      starts[cell] = from
      ends[cell++] = at
      if (at >= stop) break
      from = ++at
    } else if (byte === BACKSLASH) {
      if (cell === columns) throw wrongCount(cell + 1, columns)
      at = splitEscaped(bytes, from, at, stop, row, cell++)
      if (at >= stop) break
      from = ++at
    } else {
      at++
    }
  }
  if (cell !== columns) throw wrongCount(cell, columns)
}

/** Sets a cell whose first backslash is at `at`. Returns where the cell ends in the line. */
function splitEscaped(bytes: Buffer, from: number, at: number, stop: number, row: Row, cell: number): number {
  if (at === from && bytes[at + 1] === CAPITAL_N && (at + 2 === stop || bytes[at + 2] === TAB)) {
    row.starts[cell] = NULL_CELL
    row.ends[cell] = NULL_CELL
    return at + 2
  }
  let to = at
  for (; at < stop; at++) {
    let byte = bytes[at] ?? 0
    if (byte === TAB) break
    if (byte === BACKSLASH && at + 1 < stop) byte = escapes[bytes[++at] ?? 0] ?? 0
    bytes[to++] = byte
  }
  row.starts[cell] = from
  row.ends[cell] = to
  return at
}

function wrongCount(found: number, expected: number): ConnectError {
  return new ConnectError(
    'HR_DATA_INVALID',
    `COPY sent a row with ${found === expected + 1 ? `more than ${expected}` : found} columns, expected ${expected}`,
  )
}
