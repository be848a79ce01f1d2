const FIRST_BUCKETS = 16
const LOAD_FACTOR = 0.75

/**
 * Returns items in the iteration order of a Java HashMap, which clients see in lists that Kafka Connect builds from
 * one. `items` are in insertion order.
 */
export function hashOrder<T>(items: readonly T[], keyOf: (item: T) => string): T[] {
  let buckets = FIRST_BUCKETS
  while (items.length > buckets * LOAD_FACTOR) buckets *= 2
  return inBuckets(items, keyOf, buckets)
}

/** Like {@link hashOrder}, for a HashMap created as a copy: it may have more buckets than one that grew. */
export function copiedHashOrder<T>(items: readonly T[], keyOf: (item: T) => string): T[] {
  let buckets = 1
  while (buckets < Math.floor(items.length / LOAD_FACTOR + 1)) buckets *= 2
  return inBuckets(items, keyOf, buckets)
}

function inBuckets<T>(items: readonly T[], keyOf: (item: T) => string, buckets: number): T[] {
  const bucketOf = (item: T) => spread(hashCode(keyOf(item))) & (buckets - 1)
  return items
    .map((item) => ({ item, bucket: bucketOf(item) }))
    .toSorted((a, b) => a.bucket - b.bucket)
    .map(({ item }) => item)
}

/** Source: String.hashCode. */
function hashCode(text: string): number {
  let hash = 0
  for (let index = 0; index < text.length; index++) hash = (Math.imul(hash, 31) + text.charCodeAt(index)) | 0
  return hash
}

/** Source: HashMap.hash. */
const spread = (hash: number): number => hash ^ (hash >>> 16)
