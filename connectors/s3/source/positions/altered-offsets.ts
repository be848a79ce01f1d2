import {
  ConnectError,
  type SourceOffset,
  type SourcePartition,
  type TaskProps,
} from '../../../../api/index.ts'
import { SLOTS } from './shares.ts'
import { parseSeriesOffset } from './series-mark.ts'
import { parseSlotOffset } from './slot-offset.ts'

type Altered = readonly (readonly [SourcePartition | null, SourceOffset | null])[]

const SERIES = "'bucket' and 'series'"
const SLOT = "'bucket', 'prefix' and 'slot'"

/**
 * Validates the offsets of an alter or reset request. A null offset is valid for any partition. The order of the properties
 * of a partition matters, because it is stored as text.
 *
 * Returns true: nothing else needs to be done. Throws `HR_CONNECT`.
 */
export function checkSourceOffsets(_props: TaskProps, offsets: Altered): true {
  for (const [partition, offset] of offsets) {
    if (offset === null) continue
    if (partition === null) throw refused('Partition objects cannot be null')
    const keys = Object.keys(partition).join()
    if (keys === 'bucket,series') checkSeries(partition, offset)
    else if (keys === 'bucket,prefix,slot') checkSlot(partition, offset)
    else
      throw refused(
        `A partition has ${keys || 'no properties'}, expected ${SERIES}, or ${SLOT}, in this order`,
      )
  }
  return true
}

function checkSeries({ bucket, series }: SourcePartition, offset: SourceOffset): void {
  checkText('bucket', bucket)
  checkText('series', series)
  parseSeriesOffset(offset)
}

function checkSlot({ bucket, prefix, slot }: SourcePartition, offset: SourceOffset): void {
  checkText('bucket', bucket)
  if (typeof prefix !== 'string') checkText('prefix', prefix)
  const number = Number(slot)
  if (!Number.isInteger(number) || number < 0 || number >= SLOTS) {
    throw refused(`A partition has slot=${String(slot)}, expected a number from 0 to ${SLOTS - 1}`)
  }
  parseSlotOffset(offset)
}

function checkText(key: string, value: unknown): void {
  if (typeof value === 'string' && value !== '') return
  throw refused(`A partition has ${key}=${String(value)}, expected a text`)
}

const refused = (message: string): ConnectError => new ConnectError('HR_CONNECT', message)
