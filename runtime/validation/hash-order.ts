const FIRST_BUCKETS = 16
const LOAD_FACTOR = 0.75

/**
 * Keys in the order in which Java's HashMap gives them out. Kafka Connect answers some parts of a validation in that
 * order, and clients see it as an order of a list.
 */
export function hashOrder<T>(items: readonly T[], keyOf: (item: T) => string): T[] {
  let buckets = FIRST_BUCKETS
  while (items.length > buckets * LOAD_FACTOR) buckets *= 2
  const bucketOf = (item: T) => spread(hashCode(keyOf(item))) & (buckets - 1)
  return items.toSorted((a, b) => bucketOf(a) - bucketOf(b))
}

/** Source: String.hashCode. */
function hashCode(text: string): number {
  let hash = 0
  for (let index = 0; index < text.length; index++) hash = (Math.imul(hash, 31) + text.charCodeAt(index)) | 0
  return hash
}

/** Source: HashMap.hash. */
const spread = (hash: number): number => hash ^ (hash >>> 16)
