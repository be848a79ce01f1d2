/** A tag of an object. */
export type Tag = readonly [name: string, value: string]

/** S3 allows 10 tags per object; three are those of the connector. */
const MAX_TAGS = 7
const own = ['startOffset', 'endOffset', 'recordCount']

/**
 * Parses `name:value` pairs. `reason` tells what is wrong with them.
 *
 * Differs: Confluent's connector leaves out pairs that it cannot read.
 */
export function tagsOf(pairs: readonly string[]): {
  readonly tags: readonly Tag[]
  readonly reason?: string
} {
  const tags = pairs.map((pair): Tag => {
    const at = pair.indexOf(':')
    return [pair.slice(0, Math.max(at, 0)).trim(), pair.slice(at + 1).trim()]
  })
  const names = tags.map(([name]) => name)
  const reason = reasonAgainst(tags, names)
  return reason === undefined ? { tags } : { tags, reason }
}

function reasonAgainst(tags: readonly Tag[], names: readonly string[]): string | undefined {
  if (names.includes('')) return 'key:value pairs are expected'
  if (tags.length > MAX_TAGS) return `at most ${MAX_TAGS} tags are possible, besides ${own.join(', ')}`
  if (new Set([...names, ...own]).size < names.length + own.length) return 'the names of tags must differ'
  return tags.some(([name, value]) => name.length > 128 || value.length > 256)
    ? 'names of tags have at most 128 characters, and values 256'
    : undefined
}
