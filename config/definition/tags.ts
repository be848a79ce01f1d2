import { rule } from '../../api/index.ts'

/** Tags of workers by name: `zone` → `a`. */
export type Tags = ReadonlyMap<string, string>

const EXPECTED = 'expected name=value pairs separated by commas, each name once, such as zone=a,disk=ssd'
const PAIR = /^([\w.-]+)=([\w.-]+)$/

/** A list of name=value pairs, each name once. An empty list is allowed. */
export const tagList = rule(
  'name=value pairs separated by commas',
  (value) => (pairsOf((value ?? []) as readonly string[]) === undefined ? EXPECTED : undefined),
  { pattern: '^\\s*([\\w.-]+=[\\w.-]+\\s*(,\\s*[\\w.-]+=[\\w.-]+\\s*)*)?$' },
)

/** Returns the tags of a parsed list. Entries that are not pairs are left out; {@link tagList} rejects them. */
export const tagsOf = (list: readonly string[]): Tags => pairsOf(list) ?? new Map()

/** The pairs of tags: `zone=a`, `disk=ssd`. */
export const tagPairs = (tags: Tags): string[] => [...tags].map(([name, value]) => `${name}=${value}`)

/** The text form of tags: `zone=a,disk=ssd`. */
export const tagText = (tags: Tags): string => tagPairs(tags).join(',')

function pairsOf(list: readonly string[]): Tags | undefined {
  const pairs = list.map((entry) => PAIR.exec(entry))
  const tags = new Map(pairs.map((pair) => [pair?.[1] ?? '', pair?.[2] ?? '']))
  return pairs.includes(null) || tags.size < list.length ? undefined : tags
}
