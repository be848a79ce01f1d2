import { causesOf, isConnectError, type LogFields } from '../../api/index.ts'

const MAX_DEPTH = 8
const TOO_DEEP = '[…]'

/**
 * Converts fields to plain data, so that a line is the same in each process: errors with their causes,
 * objects by their `toJSON` (a `Secret` as `[hidden]`), functions and bigints as strings.
 */
export function plainFields(fields: LogFields): LogFields {
  if (Object.values(fields).every(isPlain)) return fields
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, plainValue(value, 0)]))
}

function isPlain(value: unknown): boolean {
  return value === null || ['string', 'number', 'boolean', 'undefined'].includes(typeof value)
}

function plainValue(value: unknown, depth: number): unknown {
  if (isPlain(value)) return value
  if (typeof value !== 'object' || value === null) return String(value)
  if (value instanceof Error) return plainError(value)
  if (depth >= MAX_DEPTH) return TOO_DEEP
  if ('toJSON' in value && typeof value.toJSON === 'function') return plainValue(value.toJSON(), depth + 1)
  if (Array.isArray(value)) return value.map((item) => plainValue(item, depth + 1))
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plainValue(item, depth + 1)]))
}

/** Converts an error to its Kafka Connect class name, message, and stack, with its cause in the same form. */
function plainError(error: Error): LogFields {
  return causesOf(error).reduceRight<LogFields | undefined>((cause, one) => {
    const also = cause === undefined ? {} : { cause }
    if (!(one instanceof Error)) return { type: typeof one, message: String(one), ...also }
    const type = isConnectError(one) ? one.javaClass : one.name
    return { type, message: one.message, stack: one.stack, ...also }
  }, undefined) as LogFields
}
