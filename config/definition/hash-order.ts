const FIRST_BUCKETS = 16
const LOAD_FACTOR = 0.75

/**
 * Items by their keys in the order in which Java's HashMap gives them out: where Kafka Connect answers with a list that
 * comes from one, clients see that order. Items are given in the order in which they came into the map.
 */
export function hashOrder<T>(items: readonly T[], keyOf: (item: T) => string): T[] {
  let buckets = FIRST_BUCKETS
  while (items.length > buckets * LOAD_FACTOR) buckets *= 2
  return inBuckets(items, keyOf, buckets)
}

/** The same for a map that was made as a copy of another: it may have more buckets than one that grew. */
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
