import { createHash } from 'node:crypto'
import type { OffsetValue, SourceOffset, SourcePartition } from '../../../../api/index.ts'
import { invalid, wholeNumber } from './series-mark.ts'

/**
 * The position in a slot of single objects. An object has been read if it was modified
 *
 * - at `through` or before, or
 * - at `until` or before, and its key is not after `after`, or
 * - later, and its token is in `recent`.
 *
 * Of `object`, modified at `modified`, `records` records have been read. Times are milliseconds since the epoch. Stored
 * with these names, `recent` as one text, for the partition `{ bucket, prefix, slot }`.
 */
export interface SlotPosition {
  readonly through: number
  readonly until: number
  readonly after: string
  readonly recent: string
  readonly object: string | null
  readonly modified: number
  readonly records: number
}

export const newSlot: SlotPosition = {
  through: 0,
  until: 0,
  after: '',
  recent: '',
  object: null,
  modified: 0,
  records: 0,
}

export const slotPartition = (bucket: string, prefix: string, slot: number): SourcePartition => ({
  bucket,
  prefix,
  slot,
})

export const slotOffset = (position: SlotPosition): SourceOffset => {
  const { through, until, after, recent, object, modified, records } = position
  return { through, until, after, recent, object, modified, records }
}

/** Characters of a token in `recent`: 48 bits. */
export const TOKEN_LENGTH = 8

/** Identifies a version of an object in a slot. Two of 2,000 objects have the same token once in 10⁸ slots. */
export function tokenOf(key: string, modified: number): string {
  const hash = createHash('sha256').update(`${modified}\n${key}`).digest('base64url')
  return hash.slice(0, TOKEN_LENGTH)
}

/** Reads a stored offset. Throws `HR_CONNECT`. */
export function parseSlotOffset(offset: SourceOffset): SlotPosition {
  const recent = textOf(offset, 'recent')
  if (!/^(?:[\w-]{8})*$/.test(recent)) {
    throw invalid('recent', recent, `tokens of ${TOKEN_LENGTH} characters each, as they were stored`)
  }
  const object = offset['object'] ?? null
  if (object !== null && typeof object !== 'string') throw invalid('object', object, 'a key or null')
  const through = wholeNumber(offset, 'through')
  return {
    through,
    until: Math.max(through, wholeNumber(offset, 'until')),
    after: textOf(offset, 'after'),
    recent,
    object,
    modified: wholeNumber(offset, 'modified'),
    records: wholeNumber(offset, 'records'),
  }
}

function textOf(offset: SourceOffset, key: string): string {
  const value: OffsetValue = offset[key] ?? ''
  if (typeof value === 'string') return value
  throw invalid(key, value, 'a text')
}

/** Returns the tokens of `recent`. */
export function tokensOf(recent: string): string[] {
  return recent.match(/.{8}/g) ?? []
}
