import { ConnectError, type Field, type Schema } from '../../api/index.ts'
import {
  entryOf,
  fieldValue,
  invalid,
  isNull,
  requireMap,
  requireStruct,
  type Fields,
  type SchemalessMap,
} from '../structs.ts'

const PURPOSE = 'nested field access'

/** The names of the fields on the path to a field, from the outermost to the field itself. */
export type FieldPath = readonly string[]

/**
 * Parses a field path. In V1, the whole string is one name. In V2, dots separate names, and a name in backticks may
 * contain dots. Such a name ends at a backtick before a dot or at the end of the path. A backslash escapes a backtick.
 *
 * Throws `HR_CONFIG_INVALID` if a backtick is not closed. Source: SingleFieldPath (KIP-821).
 */
export function parseFieldPath(text: string, version: 'V1' | 'V2'): FieldPath {
  if (version === 'V1') return [text]
  const steps: string[] = []
  for (let at = 0; at < text.length;) {
    const [step, next] = text.charAt(at) === '`' ? quotedStep(text, at) : plainStep(text, at)
    steps.push(step)
    at = next
  }
  if (text.endsWith('.')) steps.push('')
  return steps
}

function plainStep(text: string, start: number): [string, number] {
  const dot = text.indexOf('.', start)
  return dot < 0 ? [text.slice(start), text.length] : [text.slice(start, dot), dot + 1]
}

function quotedStep(text: string, open: number): [string, number] {
  let step = ''
  let start = open + 1
  for (let at = text.indexOf('`', start); at >= 0; at = text.indexOf('`', at + 1)) {
    const escaped = text.charAt(at - 1) === '\\'
    if (at === text.length - 1 && !escaped) return [step + text.slice(start, at), text.length]
    if (text.charAt(at + 1) !== '.') continue
    if (!escaped) return [step + text.slice(start, at), at + 2]
    step += `${text.slice(start, at - 1)}\``
    start = at + 1
  }
  const message = `Incomplete backtick pair in path: [${text}], consider adding a backslash before backtick at position ${open} to escape it`
  throw new ConnectError('HR_CONFIG_INVALID', message, { configKey: 'field' })
}

/** Returns the fields along a path in a struct schema, or undefined if a field does not exist. */
export function fieldsOnPath(path: FieldPath, schema: Schema): readonly Field[] | undefined {
  const fields: Field[] = []
  let current = schema
  for (const name of path) {
    if (current.type !== 'struct') throw invalid('Cannot look up fields on non-struct type')
    const field = current.field(name)
    if (field === undefined) return undefined
    fields.push(field)
    current = field.schema
  }
  return fields
}

/**
 * Returns the value at the end of the path, or null if a struct along the path is null. `withDefaults` applies to the
 * last field only; the structs along the path always take their defaults.
 */
export function structValue(
  fields: readonly Field[],
  struct: Readonly<Fields>,
  withDefaults: boolean,
): unknown {
  let current = struct
  for (const [index, { name, schema }] of fields.entries()) {
    const last = index === fields.length - 1
    const value = fieldValue(current, name, schema, last ? withDefaults : true)
    if (last || isNull(value)) return value
    current = requireStruct(schema, value, PURPOSE)
  }
  return null
}

export function mapValue(path: FieldPath, map: SchemalessMap): unknown {
  let current: unknown = map
  for (const name of path) {
    if (isNull(current)) return null
    current = entryOf(requireMap(current, PURPOSE), name)
  }
  return current
}
