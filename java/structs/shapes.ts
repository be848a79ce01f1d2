const MOST_SHAPES = 8
/** With more shapes than this, most objects have different shapes, and compiling code for each is a waste. */
const MOST_MADE = 64
/** A shape must occur this often before it is compiled. */
const SEEN_BEFORE = 3
const MOST_COUNTED = 256

/** Caches a compiled result for objects with the same keys in the same order. Most objects have one of a few shapes. */
export class Shapes<T> {
  readonly #make: (keys: readonly string[]) => T
  readonly #known: { readonly keys: readonly string[]; readonly made: T }[] = []
  readonly #seen = new Map<string, number>()
  #made = 0

  constructor(make: (keys: readonly string[]) => T) {
    this.#make = make
  }

  /** Returns undefined for keys that have not occurred often enough, and if there are too many shapes. */
  of(keys: readonly string[]): T | undefined {
    const known = this.#known
    for (let place = 0; place < known.length; place++) {
      const shape = known[place]!
      if (!same(shape.keys, keys)) continue
      if (place > 0) {
        // Frequently used shapes move to the front
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
