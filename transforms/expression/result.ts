import {
  ConnectError,
  isPlainObject,
  noHeaders,
  type ConnectRecord,
  type Header,
  type RecordChanges,
  type Schema,
  type SchemaAndValue,
} from '../../api/index.ts'
import { shaped } from './derive.ts'
import type { PlainValues } from './plain-values.ts'

const parts = ['key', 'value', 'headers', 'topic', 'partition', 'timestamp'] as const

/** Returns the input of an expression for a record. */
export function inputOf(record: ConnectRecord, values: PlainValues): Record<string, unknown> {
  const { key, keySchema, value, valueSchema, headers, topic, partition, timestamp } = record
  return {
    key: values.plain(key, keySchema),
    value: values.plain(value, valueSchema),
    headers: headers.map((header) => ({ key: header.key, value: values.plain(header.value, header.schema) })),
    topic,
    partition,
    timestamp,
  }
}

/**
 * Converts the result of an expression to changes of the record. Returns null to drop the record.
 *
 * Throws `HR_DATA_INVALID` if the result is neither null nor an object with parts of a record.
 */
export function changesOf(record: ConnectRecord, result: unknown, values: PlainValues): RecordChanges | null {
  if (result === null) return null
  if (result === undefined) {
    throw wrong('The expression returned nothing; return null to drop the record or {} to leave it unchanged')
  }
  if (!isPlainObject(result)) throw wrong(`The result must be an object or null, but is ${kindOf(result)}`)
  const changes: { -readonly [P in keyof RecordChanges]: RecordChanges[P] } = {}
  for (const [name, plain] of Object.entries(result)) {
    switch (name as (typeof parts)[number]) {
      case 'key': {
        const part = partOf(plain, record.keySchema, record.key, record, values, name)
        changes.keySchema = part.schema
        changes.key = part.value
        break
      }
      case 'value': {
        const part = partOf(plain, record.valueSchema, record.value, record, values, name)
        changes.valueSchema = part.schema
        changes.value = part.value
        break
      }
      case 'headers':
        changes.headers = headersOf(plain, record.headers, values)
        break
      case 'topic':
        if (typeof plain !== 'string' || plain === '') throw wrongPart(name, 'a non-empty string', plain)
        changes.topic = plain
        break
      case 'partition':
      case 'timestamp':
        changes[name as 'partition' | 'timestamp'] = wholeNumber(name, plain)
        break
      default:
        throw wrong(`Unknown part ${name} in the result; expected ${parts.join(', ')}`)
    }
  }
  return changes
}

/** Adds a schema if the old part had one, or if the old part was null and the key or value of the record has one. */
function partOf(
  plain: unknown,
  schema: Schema | null,
  old: unknown,
  { keySchema, valueSchema }: ConnectRecord,
  values: PlainValues,
  name: string,
): SchemaAndValue {
  const typed = schema !== null || (old === null && (keySchema ?? valueSchema) !== null)
  if (!typed || (plain === null && schema === null)) return { schema: null, value: values.schemaless(plain) }
  return shaped(plain, schema, values, name)
}

/** Accepts an array of headers or an object of values by key. Each keeps the schema of the old header of that key. */
function headersOf(plain: unknown, old: readonly Header[], values: PlainValues): readonly Header[] {
  const entries = headerEntries(plain)
  if (entries.length === 0) return noHeaders
  return entries.map(([key, value]) => {
    const known = old.findLast((header) => header.key === key)?.schema ?? null
    return { key, ...shaped(value, known, values, `header ${key}`) }
  })
}

function headerEntries(plain: unknown): (readonly [string, unknown])[] {
  if (isPlainObject(plain) && !isHeader(plain)) return Object.entries(plain)
  // JSONata unwraps an array with a single element
  const list = isPlainObject(plain) ? [plain] : plain
  if (!Array.isArray(list) || !list.every(isHeader)) {
    throw wrongPart('headers', 'an array of {"key": …, "value": …} or an object of values by key', plain)
  }
  return list.map(({ key, value }) => [key, value ?? null] as const)
}

function isHeader(item: unknown): item is { readonly key: string; readonly value: unknown } {
  return (
    isPlainObject(item) &&
    typeof item['key'] === 'string' &&
    Object.keys(item).every((name) => name === 'key' || name === 'value')
  )
}

function wholeNumber(name: string, plain: unknown): number | null {
  if (plain === null) return null
  if (typeof plain === 'number' && Number.isSafeInteger(plain) && plain >= 0) return plain
  throw wrongPart(name, 'a non-negative integer or null', plain)
}

const wrong = (message: string): ConnectError => new ConnectError('HR_DATA_INVALID', message)

const wrongPart = (name: string, expected: string, found: unknown): ConnectError =>
  wrong(`${name} in the result must be ${expected}, but is ${kindOf(found)}`)

const kindOf = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'an array' : `a ${typeof value}`
