const MOST_SHAPES = 8
/** Behind so many, shapes are as many as objects, and to make something for each is a waste. */
const MOST_MADE = 64
/** What came only once or twice may never come again. */
const SEEN_BEFORE = 3
const MOST_COUNTED = 256

/** What was made for objects with the same keys in the same order: of few shapes there are many. */
export class Shapes<T> {
  readonly #make: (keys: readonly string[]) => T
  readonly #known: { readonly keys: readonly string[]; readonly made: T }[] = []
  readonly #seen = new Map<string, number>()
  #made = 0

  constructor(make: (keys: readonly string[]) => T) {
    this.#make = make
  }

  /** Undefined for keys that did not come often, and when there are too many shapes. */
  of(keys: readonly string[]): T | undefined {
    const known = this.#known
    for (let place = 0; place < known.length; place++) {
      const shape = known[place]!
      if (!same(shape.keys, keys)) continue
      if (place > 0) {
        // What is used often gets to the front in time
        known[place] = known[place - 1]!
        known[place - 1] = shape
      }
      return shape.made
    }
    return this.#made < MOST_MADE && this.#comesOften(keys) ? this.#add(keys) : undefined
  }

  #comesOften(keys: readonly string[]): boolean {
    const name = keys.join('\u0000')
    const times = (this.#seen.get(name) ?? 0) + 1
    if (times === 1 && this.#seen.size >= MOST_COUNTED) this.#seen.clear()
    this.#seen.set(name, times)
    return times > SEEN_BEFORE
  }

  #add(keys: readonly string[]): T {
    const made = this.#make(keys)
    this.#made++
    if (this.#known.length >= MOST_SHAPES) this.#known.pop()
    this.#known.push({ keys, made })
    return made
  }
}

function same(a: readonly string[], b: readonly string[]): boolean {
  if (a.length !== b.length) return false
  for (let index = 0; index < a.length; index++) if (a[index] !== b[index]) return false
  return true
}
