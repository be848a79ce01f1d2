import type { ListedObject } from '../../ports.ts'
import type { SeriesName } from '../plan.ts'
import type { SeriesObject, SeriesPositions } from '../positions/series-positions.ts'
import { compareNames } from '../positions/series-mark.ts'
import type { ObjectSet } from './candidate.ts'

/** The most names of a series in memory at a time. */
const MOST_NAMES = 10_000

/** Objects of one offset. */
interface Group {
  readonly start: number
  readonly digits: string
  readonly values: { readonly object: ListedObject; readonly name: SeriesName }[]
  keys: { readonly object: ListedObject; readonly name: SeriesName } | null
  headers: ListedObject | null
}

/** The next objects of a series, and its place. */
export interface SeriesSet {
  readonly objects: ObjectSet
  readonly name: SeriesName
  readonly place: SeriesObject
}

/**
 * Collects the objects of one series from a listing, and returns those that have not been read, in the order of their
 * offsets.
 *
 * The keys of a series are adjacent in a listing. If their offsets are padded to the same width, they come in order and are
 * passed on a part at a time; otherwise the first ones are found by looking at all.
 */
export class SeriesRun {
  readonly series: string
  readonly #positions: SeriesPositions
  #groups = new Map<string, Group>()
  #inOrder = true
  #late: ListedObject[] = []
  #lateCount = 0
  /** Names from this offset on were left out. */
  #ceiling = Infinity

  constructor(series: string, positions: SeriesPositions) {
    this.series = series
    this.#positions = positions
  }

  /** Number of names in memory. */
  get size(): number {
    return this.#groups.size
  }

  /** Whether names were left out. List the series again after the others have been passed on. */
  get overflowed(): boolean {
    return this.#ceiling < Infinity
  }

  /** Objects before the mark that appeared after it had moved on: how many, and the first one. */
  get late(): { readonly count: number; readonly first: ListedObject | undefined } {
    return { count: this.#lateCount, first: this.#late[0] }
  }

  add(object: ListedObject, name: SeriesName): void {
    const { mark, knownUntil } = this.#positions.state(this.series)
    if (mark !== undefined && name.start < mark.start) {
      if (name.role === 'value' && object.lastModified > knownUntil) this.#addLate(object)
      return
    }
    if (name.start >= this.#ceiling) return
    const group = this.#groups.get(name.digits) ?? this.#newGroup(name)
    if (name.role === 'value') group.values.push({ object, name })
    else if (name.role === 'keys') group.keys = { object, name }
    else group.headers = object
  }

  /** Whether the first names can be passed on although the listing of the series goes on. */
  get canPassOn(): boolean {
    return (
      this.#inOrder &&
      !this.overflowed &&
      this.#groups.size > 1 &&
      this.#last()?.digits.startsWith('0') === true
    )
  }

  /** Removes and returns the objects to be read. `keepLast`: the listing may go on with objects of the last name. */
  take(keepLast: boolean): SeriesSet[] {
    const groups = [...this.#groups.values()].toSorted((a, b) => a.start - b.start)
    const kept = keepLast ? groups.pop() : undefined
    this.#groups = new Map(kept === undefined ? [] : [[kept.digits, kept]])
    return groups.flatMap((group) => this.#setsOf(group))
  }

  /** Counts late objects as known, so that the next listing does not report them again. */
  acknowledgeLate(): void {
    const state = this.#positions.state(this.series)
    for (const { lastModified } of this.#late) state.knownUntil = Math.max(state.knownUntil, lastModified)
  }

  #last(): Group | undefined {
    return [...this.#groups.values()].at(-1)
  }

  #newGroup({ start, digits }: SeriesName): Group {
    const last = this.#last()
    if (last !== undefined && (last.start >= start || last.digits.length !== digits.length))
      this.#inOrder = false
    const group: Group = { start, digits, values: [], keys: null, headers: null }
    this.#groups.set(digits, group)
    if (this.#groups.size > MOST_NAMES) this.#dropLastHalf()
    return group
  }

  #dropLastHalf(): void {
    const groups = [...this.#groups.values()].toSorted((a, b) => a.start - b.start)
    const kept = groups.slice(0, MOST_NAMES / 2)
    this.#ceiling = groups[kept.length]?.start ?? Infinity
    this.#groups = new Map(kept.map((group) => [group.digits, group]))
  }

  #addLate(object: ListedObject): void {
    this.#lateCount++
    const first = this.#late[0]
    this.#late = first === undefined ? [object] : [first, latest(this.#late.at(-1) ?? first, object)]
  }

  #setsOf({ values, keys, headers }: Group): SeriesSet[] {
    const keysObject = keys?.object ?? null
    const sets: SeriesSet[] = values.map(({ object, name }) => ({
      objects: { value: object, keys: keysObject, headers },
      name,
      place: this.#placeOf(name),
    }))
    if (values.length === 0 && keys?.name.tombstones === true) {
      const objects = { value: null, keys: keys.object, headers }
      sets.push({ objects, name: keys.name, place: this.#placeOf(keys.name) })
    }
    return sets
      .filter(({ place }) => this.#positions.isNext(place))
      .toSorted((a, b) => compareNames(a.place, b.place))
  }

  #placeOf({ start, digits, role, extension }: SeriesName): SeriesObject {
    const end = role === 'value' ? extension : `.${role}${extension}`
    return { series: this.series, name: `${digits}${end}`, start, extension: end }
  }
}

const latest = (a: ListedObject, b: ListedObject): ListedObject => (a.lastModified >= b.lastModified ? a : b)
