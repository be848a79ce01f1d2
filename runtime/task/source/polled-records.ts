import { causesOf, ConnectError, type SourceRecord } from '../../../api/index.ts'

type Check = readonly [field: keyof SourceRecord, expected: string, isValid: (value: unknown) => boolean]

const isMap = (value: unknown) => value === null || (typeof value === 'object' && !Array.isArray(value))

const checks: readonly Check[] = [
  ['topic', 'a string', (value) => typeof value === 'string'],
  ['headers', 'an array', Array.isArray],
  ['sourcePartition', 'an object or null', isMap],
  ['sourceOffset', 'an object or null', isMap],
]

/**
 * Returns the error to throw for a batch that could not be processed. When the cause is a TypeError and the batch
 * contains a value that is no SourceRecord, the error names its index and field; otherwise returns `error`. Records are
 * examined only then, because a check of each would slow down all tasks.
 */
export function explained(records: readonly SourceRecord[], error: unknown): unknown {
  if (!causesOf(error).some((cause) => cause instanceof TypeError)) return error
  for (const [index, record] of records.entries()) {
    const fault = faultOf(record)
    if (fault === undefined) continue
    const message = `poll() returned a value that is not a SourceRecord, at index ${index} of ${records.length}: ${fault}. Create records with sourceRecord().`
    return new ConnectError('HR_CONNECT', message, { cause: error })
  }
  return error
}

/** Returns the error for a result of `poll` that is no array; undefined for an array. */
export function noBatch(polled: unknown): ConnectError | undefined {
  if (Array.isArray(polled)) return undefined
  const message = `poll() returned ${kindOf(polled)}, expected an array of SourceRecord`
  return new ConnectError('HR_CONNECT', message)
}

function faultOf(record: unknown): string | undefined {
  if (typeof record !== 'object' || record === null) return `it is ${kindOf(record)}`
  for (const [field, expected, isValid] of checks) {
    const value = (record as Record<string, unknown>)[field]
    if (!isValid(value)) return `${field} is ${kindOf(value)}, expected ${expected}`
  }
  return undefined
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value)
  if (Array.isArray(value)) return 'an array'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}
