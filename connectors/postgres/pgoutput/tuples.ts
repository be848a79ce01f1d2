import { ConnectError } from '../../../api/index.ts'
import { NULL_CELL, UNCHANGED_CELL, type Row } from '../ports.ts'

const NULL_KIND = 0x6e
const UNCHANGED_KIND = 0x75
const TEXT_KIND = 0x74

/** Creates a row for tables with up to `columns` columns. */
export function createRow(columns: number): Row {
  return {
    bytes: Buffer.alloc(0),
    starts: new Int32Array(columns),
    ends: new Int32Array(columns),
    count: 0,
  }
}

/**
 * Reads the tuple at `at` into a row that has room for its columns. Returns the position after the tuple.
 *
 * Throws `HR_DATA_INVALID` if the tuple has other columns than the table, or values in another format than text.
 */
export function readTuple(bytes: Buffer, at: number, row: Row): number {
  const { starts, ends } = row
  const count = (bytes[at]! << 8) | bytes[at + 1]!
  if (count > starts.length) throw wrongTuple(`${count} columns, expected ${starts.length}`)
  row.bytes = bytes
  row.count = count
  let next = at + 2
  for (let index = 0; index < count; index++) {
    const kind = bytes[next]!
    if (kind === TEXT_KIND) {
      const start = next + 5
      const end =
        start +
        ((bytes[next + 1]! << 24) | (bytes[next + 2]! << 16) | (bytes[next + 3]! << 8) | bytes[next + 4]!)
      starts[index] = start
      ends[index] = end
      next = end
    } else if (kind === NULL_KIND || kind === UNCHANGED_KIND) {
      starts[index] = kind === NULL_KIND ? NULL_CELL : UNCHANGED_CELL
      next++
    } else {
      throw wrongTuple(`a value of kind ${kind}, expected text (is binary set in slot.stream.params?)`)
    }
  }
  return next
}

function wrongTuple(found: string): ConnectError {
  return new ConnectError('HR_DATA_INVALID', `Cannot read a row of pgoutput: found ${found}.`)
}
