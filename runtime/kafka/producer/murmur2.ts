const SEED = 0x9747b28c
const M = 0x5bd1e995

/** The hash by which Java's clients choose partitions, as a signed 32-bit integer. Source: Utils.murmur2. */
export function murmur2(bytes: Uint8Array): number {
  const length = bytes.length
  let hash = (SEED ^ length) | 0
  let at = 0
  for (; at + 4 <= length; at += 4) {
    let block = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)
    block = Math.imul(block, M)
    block = Math.imul(block ^ (block >>> 24), M)
    hash = Math.imul(hash, M) ^ block
  }
  const rest = length - at
  if (rest === 3) hash ^= bytes[at + 2]! << 16
  if (rest >= 2) hash ^= bytes[at + 1]! << 8
  if (rest >= 1) hash = Math.imul(hash ^ bytes[at]!, M)
  hash = Math.imul(hash ^ (hash >>> 13), M)
  return hash ^ (hash >>> 15)
}

/** Returns the partition that Java's clients choose for a key. */
export function partitionOfKey(key: Buffer | string, partitions: number): number {
  const bytes = typeof key === 'string' ? Buffer.from(key, 'utf8') : key
  return (murmur2(bytes) & 0x7fff_ffff) % partitions
}
