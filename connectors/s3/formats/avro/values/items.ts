import { ConnectError } from '../../../../../api/index.ts'
import type { Tap } from './tap.ts'

/** A value of Avro has at least one byte, unless it is an empty struct; a larger number of those is not plausible. */
const MOST_EMPTY_ITEMS = 1_000_000

/** An error for bytes that are not what the schema says. */
export const corrupt = (message: string): ConnectError => new ConnectError('HR_DATA_INVALID', message)

/** Throws if the position is beyond the end of the buffer. */
export function checkInside(tap: Tap): void {
  if (tap.pos > tap.buf.length || tap.pos < 0) throw corrupt('a value goes on beyond the end of its block')
}

/**
 * Calls `readItem` for each item of an array or a map. A count that is not plausible is refused before memory is used for
 * the items.
 */
export function readItems(tap: Tap, readItem: () => void): void {
  for (;;) {
    let count = tap.readLong()
    if (count < 0) {
      // the size in bytes follows, for readers that skip the items
      count = -count
      tap.skipLong()
    }
    checkInside(tap)
    if (count === 0) return
    if (count > tap.buf.length - tap.pos + MOST_EMPTY_ITEMS)
      throw corrupt(`a list has ${count} items in a block that ends before`)
    for (let index = 0; index < count; index++) {
      readItem()
      checkInside(tap)
    }
  }
}
