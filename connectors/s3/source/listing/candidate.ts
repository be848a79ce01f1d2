import type { ListedObject } from '../../ports.ts'
import type { SeriesName, SingleName } from '../plan.ts'
import type { ObjectProgress } from '../positions/progress.ts'
import type { SeriesObject } from '../positions/series-positions.ts'

/** Objects that hold the same records. */
export interface ObjectSet {
  /** Null for records without a value, of which only keys and headers are stored. */
  readonly value: ListedObject | null
  readonly keys: ListedObject | null
  readonly headers: ListedObject | null
}

/** Objects to be read next. */
export interface Candidate {
  readonly objects: ObjectSet
  readonly name: SeriesName | SingleName
  readonly progress: ObjectProgress
  /** Null for a single object. */
  readonly place: SeriesObject | null
}

/** The object that gives the set its name. */
export function mainObject({ value, keys, headers }: ObjectSet): ListedObject {
  const main = value ?? keys ?? headers
  if (main === null) throw new Error('a set without objects')
  return main
}

export const lastModifiedOf = ({ value, keys, headers }: ObjectSet): number =>
  Math.max(value?.lastModified ?? 0, keys?.lastModified ?? 0, headers?.lastModified ?? 0)
