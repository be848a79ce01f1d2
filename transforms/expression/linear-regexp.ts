import { linearSearch, type LinearSearch } from '../../java/index.ts'

/** Caches compiled regular expressions, because JSONata constructs them at every evaluation. */
const searches = new WeakMap<RegExp, LinearSearch>()

/** Compiles a regular expression. Throws `HR_ILLEGAL_ARGUMENT` for look-around and back references. */
export function searchOf(regex: RegExp): LinearSearch {
  const known = searches.get(regex)
  if (known !== undefined) return known
  const search = linearSearch(regex.source, regex.flags)
  searches.set(regex, search)
  return search
}

/** Replaces `RegExp` in JSONata: the subset that JSONata calls, in linear time. Throws like {@link searchOf}. */
export class LinearRegExp {
  lastIndex = 0
  readonly #search: LinearSearch

  constructor(regex: RegExp) {
    this.#search = searchOf(regex)
  }

  exec(text: string): RegExpExecArray | null {
    const found = this.lastIndex > text.length ? undefined : this.#search(text, this.lastIndex)
    this.lastIndex = found?.end ?? 0
    if (found === undefined) return null
    return Object.assign([...found.groups], { index: found.start, input: text }) as RegExpExecArray
  }
}
