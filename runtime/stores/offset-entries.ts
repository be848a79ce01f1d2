import { ConnectError, type SourcePartition } from '../../api/index.ts'
import { javaClassOf, parseJson, printJson } from '../../java/index.ts'
import type { PartitionOffsetEntry, StoredOffset } from './ports.ts'

/**
 * The key of a stored offset: `["connector",{partition}]`. The order of the partition's keys is significant.
 *
 * Throws `HR_DATA_INVALID` when the partition contains values that are not primitive. Source: OffsetUtils.
 */
export function offsetKey(connector: string, partition: SourcePartition | null): string {
  refuseNested(partition)
  return printJson([connector, partition])
}

/** The value of a stored offset; null deletes it. Throws `HR_DATA_INVALID` as {@link offsetKey}. */
export function offsetValue(offset: StoredOffset | null): string | null {
  refuseNested(offset)
  return offset === null ? null : printJson(offset)
}

/**
 * The records that store offsets in an offset topic. Throws `HR_DATA_INVALID` as {@link offsetKey}.
 *
 * Source: ConnectorOffsetBackingStore, OffsetStorageWriter.
 */
export function offsetRecords(
  connector: string,
  entries: readonly PartitionOffsetEntry[],
): { readonly key: string; readonly value: string | null }[] {
  return entries.map(([partition, offset]) => ({
    key: offsetKey(connector, partition),
    value: offsetValue(offset),
  }))
}

/** Parses a stored key into connector and partition. Returns undefined for other keys. */
export function readOffsetKey(
  key: Buffer,
): { connector: string; partition: SourcePartition | null } | undefined {
  try {
    const parsed = parseJson(key.toString('utf8'))
    if (!Array.isArray(parsed) || parsed.length !== 2) return undefined
    const [connector, partition] = parsed as [unknown, unknown]
    if (typeof connector !== 'string' || !isPartition(partition)) return undefined
    return { connector, partition }
  } catch {
    return undefined
  }
}

export function readOffsetValue(value: Buffer | null): StoredOffset | null {
  return value === null ? null : (parseJson(value.toString('utf8')) as StoredOffset | null)
}

function isPartition(value: unknown): value is SourcePartition | null {
  return value === null || (typeof value === 'object' && !Array.isArray(value))
}

/** Source: OffsetUtils.validateFormat. */
function refuseNested(map: Readonly<Record<string, unknown>> | null): void {
  for (const [field, value] of Object.entries(map ?? {})) {
    if (typeof value !== 'object' || value === null || value instanceof Uint8Array) continue
    const found = Array.isArray(value) ? 'ARRAY' : 'MAP'
    const contains = isPlain(value) || Array.isArray(value) ? found : javaClassOf(value)
    // A float with an integral value is represented by an object, but it is primitive
    if (contains === 'java.lang.Double') continue
    const message = `Offsets may only contain primitive types as values, but field ${field} contains ${contains}`
    throw new ConnectError('HR_DATA_INVALID', message)
  }
}

const isPlain = (value: object): boolean =>
  [Object.prototype, null].includes(Object.getPrototypeOf(value) as object)
