import { gunzipSync } from 'node:zlib'
import type { Bucket, NumberedTopic } from '../../services/index.ts'

/** What the objects of a topic hold. */
export interface StoredNumbers {
  readonly objects: number
  /** Faults, such as a number that is missing, as texts; the first of each kind. */
  readonly faults: readonly string[]
  /** Number of different records. */
  readonly records: number
}

const MOST_FAULTS = 20

/** Compares all objects under a prefix with the records of the topic: each number once, in order within an object. */
export async function storedNumbers(
  bucket: Bucket,
  prefix: string,
  { partitions, each }: NumberedTopic,
): Promise<StoredNumbers> {
  const found = Array.from({ length: partitions }, () => new Map<number, string>())
  const faults: string[] = []
  const keys = await bucket.keys(prefix)
  for (const key of keys) {
    let last = -1
    for (const { partition, number } of numbersIn(key, await bucket.read(key))) {
      const ofPartition = found[partition]
      const before = ofPartition?.get(number)
      if (before !== undefined)
        faults.push(`record ${number} of partition ${partition} is in ${before} and ${key}`)
      if (number <= last) faults.push(`${key} has record ${number} after ${last}`)
      ofPartition?.set(number, key)
      last = number
    }
  }
  for (const [partition, numbers] of found.entries()) {
    for (let number = 0; number < each; number++) {
      if (!numbers.has(number)) faults.push(`record ${number} of partition ${partition} is missing`)
    }
  }
  const records = found.reduce((sum, { size }) => sum + size, 0)
  return { objects: keys.length, faults: faults.slice(0, MOST_FAULTS), records }
}

function numbersIn(key: string, bytes: Buffer): { partition: number; number: number }[] {
  const text = (key.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString()
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as { partition: number; number: number })
}
