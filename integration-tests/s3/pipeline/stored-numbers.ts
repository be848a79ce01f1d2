import { gunzipSync } from 'node:zlib'
import { avroReader, defaultAvroData } from '../../../connectors/s3/formats/avro/index.ts'
import { parquetReader } from '../../../connectors/s3/formats/parquet/index.ts'
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
    for (const { partition, number } of await numbersIn(key, await bucket.read(key))) {
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

interface Numbered {
  readonly partition: number
  readonly number: number
}

async function numbersIn(key: string, bytes: Buffer): Promise<Numbered[]> {
  if (key.endsWith('.avro')) return read(avroReader(defaultAvroData), key, bytes)
  if (key.endsWith('.parquet')) return read(parquetReader(defaultAvroData), key, bytes)
  const text = (key.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString()
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Numbered)
}

async function read(reader: ReturnType<typeof avroReader>, key: string, bytes: Buffer): Promise<Numbered[]> {
  const object = {
    key,
    size: bytes.length,
    async *stream(from: number) {
      yield bytes.subarray(from)
    },
    range: async (start: number, end: number) => bytes.subarray(start, end),
  }
  const found: Numbered[] = []
  for await (const batch of reader.read(object, 0, new AbortController().signal)) {
    for (const { value } of batch) found.push(value as Numbered)
  }
  return found
}
