import { ConnectError, type SourceOffset, type SourcePartition } from '../../../../api/index.ts'

/**
 * The position in a series. All objects before `name` have been read, and `records` records of the object itself.
 *
 * Stored as `{ object, records, done, modified }` for the partition `{ bucket, series }`.
 */
export interface SeriesMark {
  /** The end of the key, such as `0000000042.json.gz`. */
  readonly name: string
  /** The offset in the name. */
  readonly start: number
  readonly extension: string
  readonly records: number
  readonly done: boolean
  /** The latest time of modification of the objects that have been read, in milliseconds since the epoch. */
  readonly modified: number
}

export const seriesPartition = (bucket: string, series: string): SourcePartition => ({ bucket, series })

export const seriesOffset = ({ name, records, done, modified }: SeriesMark): SourceOffset => ({
  object: name,
  records,
  done,
  modified,
})

/** The order of the objects of a series: by offset, then by extension. */
export function compareNames(
  a: Pick<SeriesMark, 'start' | 'extension'>,
  b: Pick<SeriesMark, 'start' | 'extension'>,
): number {
  if (a.start !== b.start) return a.start - b.start
  if (a.extension === b.extension) return 0
  return a.extension < b.extension ? -1 : 1
}

/**
 * Reads a stored offset, or one that a user wrote: `object` is the offset that the name of an object starts with, such as
 * `0000000042.json`; `records`, `done` and `modified` may be missing.
 *
 * Throws `HR_CONNECT`.
 */
export function parseSeriesOffset(offset: SourceOffset): SeriesMark {
  const name = offset['object']
  const [, digits = '', extension = ''] =
    /^(\d{1,40})(\D.*)?$/s.exec(typeof name === 'string' ? name : '') ?? []
  const start = Number(digits)
  if (digits === '' || !Number.isSafeInteger(start)) {
    throw invalid('object', name, 'the end of the key of an object, such as 0000000042.json')
  }
  const done = offset['done'] ?? false
  if (typeof done !== 'boolean') throw invalid('done', done, 'true or false')
  return {
    name: String(name),
    start,
    extension,
    records: wholeNumber(offset, 'records'),
    done,
    modified: wholeNumber(offset, 'modified'),
  }
}

/** Returns a property that is a whole number of at least 0, and 0 if it is missing. Throws `HR_CONNECT`. */
export function wholeNumber(offset: SourceOffset, key: string): number {
  const value = offset[key] ?? 0
  const number = typeof value === 'bigint' ? Number(value) : value
  if (typeof number === 'number' && Number.isSafeInteger(number) && number >= 0) return number
  throw invalid(key, value, 'a whole number of at least 0')
}

export const invalid = (key: string, found: unknown, expected: string): ConnectError =>
  new ConnectError('HR_CONNECT', `The offset has ${key}=${String(found)}, expected ${expected}`)
