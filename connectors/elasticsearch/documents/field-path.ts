import {
  ConnectError,
  isBoxedInteger,
  isPlainObject,
  type Schema,
  type SinkRecord,
} from '../../../api/index.ts'

/**
 * Returns a function that reads a field of a record's value as text: a string, an integer or a boolean.
 *
 * Dots separate the names of nested structs, maps and objects; a field whose own name contains the dots comes first. The
 * function throws `HR_DATA_INVALID`, with `purpose` in the message, if there is no such field or it has another type.
 */
export function fieldText(path: string, purpose: string): (record: SinkRecord) => string {
  const read = reader(path)
  return ({ value, valueSchema }) => {
    const found = read(value, valueSchema)
    const text = textOf(found)
    if (text !== undefined) return text
    throw new ConnectError('HR_DATA_INVALID', `The field '${path}' for ${purpose} ${faultOf(found)}`)
  }
}

type Read = (value: unknown, schema: Schema | null) => unknown

function reader(path: string): Read {
  const dot = path.indexOf('.')
  const direct: Read = (value, schema) => member(value, schema, path)
  if (dot < 0) return direct
  const first = path.slice(0, dot)
  const rest = reader(path.slice(dot + 1))
  return (value, schema) =>
    direct(value, schema) ?? rest(member(value, schema, first), memberSchema(schema, first))
}

function member(value: unknown, schema: Schema | null, name: string): unknown {
  if (value instanceof Map) return (value as ReadonlyMap<unknown, unknown>).get(name)
  if (!isPlainObject(value)) return undefined
  const own = Object.hasOwn(value, name) ? value[name] : undefined
  return own ?? schema?.field(name)?.schema.defaultValue
}

const memberSchema = (schema: Schema | null, name: string): Schema | null =>
  schema?.field(name)?.schema ?? schema?.valueSchema ?? null

function textOf(value: unknown): string | undefined {
  switch (typeof value) {
    case 'string':
      return value === '' ? undefined : value
    case 'number':
      return Number.isSafeInteger(value) ? String(value) : undefined
    case 'bigint':
    case 'boolean':
      return String(value)
    default:
      return isBoxedInteger(value) ? String(value) : undefined
  }
}

function faultOf(value: unknown): string {
  if (value === undefined || value === null) return 'is missing or null'
  return value === '' ? 'is empty' : 'is not a string, an integer or a boolean'
}
