/**
 * The order in which Java's HashMap iterates over strings. Consumers see it in lists and maps that Debezium makes from such
 * maps. Entries of one bucket are in the order of insertion.
 */

const INITIAL_CAPACITY = 16
const LOAD_FACTOR = 0.75

/** Returns the capacity of a map that had `capacity`, and now has `size` entries. A map never shrinks. */
export function hashCapacity(size: number, capacity: number = INITIAL_CAPACITY): number {
  let grown = capacity
  while (size > grown * LOAD_FACTOR) grown *= 2
  return grown
}

/** Returns the capacity of a map that was made as a copy of one with `size` entries. Source: HashMap.putMapEntries. */
export function copyCapacity(size: number): number {
  let capacity = 1
  while (capacity < Math.floor(size / LOAD_FACTOR + 1)) capacity *= 2
  return capacity
}

/** Returns the entries in the order of a HashMap. */
export function inHashOrder<T>(
  entries: Iterable<readonly [string, T]>,
  capacity?: number,
): (readonly [string, T])[] {
  const list = [...entries]
  const mask = hashCapacity(list.length, capacity) - 1
  return list
    .map((entry) => ({ entry, bucket: spread(entry[0]) & mask }))
    .toSorted((a, b) => a.bucket - b.bucket)
    .map(({ entry }) => entry)
}

/** Source: String.hashCode, HashMap.hash. */
function spread(text: string): number {
  let hash = 0
  for (let index = 0; index < text.length; index++) hash = (Math.imul(hash, 31) + text.charCodeAt(index)) | 0
  return hash ^ (hash >>> 16)
}
