const LOAD_FACTOR = 0.75

/**
 * Sorts entries into the order in which a `java.util.HashMap` iterates them, if they were put in the given order. Keys
 * must be distinct. Maps with so many collisions that Java would use trees are not considered.
 */
export function javaHashOrder<Entry>(
  entries: readonly Entry[],
  hashOf: (entry: Entry) => number,
  initialCapacity = 16,
): Entry[] {
  if (entries.length < 2) return [...entries]
  let capacity = 1
  while (capacity < initialCapacity) capacity *= 2
  while (entries.length > capacity * LOAD_FACTOR) capacity *= 2
  return entries
    .map((entry) => ({ entry, bucket: spread(hashOf(entry)) & (capacity - 1) }))
    .toSorted((a, b) => a.bucket - b.bucket)
    .map(({ entry }) => entry)
}

const spread = (hash: number): number => hash ^ (hash >>> 16)

/** Source: String.hashCode. */
export function javaStringHash(text: string): number {
  let hash = 0
  for (let at = 0; at < text.length; at++) hash = (Math.imul(hash, 31) + text.charCodeAt(at)) | 0
  return hash
}
