import type { Read, Tap, Write } from './tap.ts'

/** Larger structs are handled in a loop, because the engine stores them as hash tables anyway. */
const MOST_GENERATED_FIELDS = 500

export interface FieldWriter {
  readonly name: string
  readonly write: Write
  /** Written instead of null; null for none. */
  readonly defaultValue: unknown
}

export interface FieldReader {
  readonly name: string
  readonly read: Read
}

type Fields = Readonly<Record<string, unknown>>

/** Compiles code that writes the fields in order. Any string can be the name of a field. */
export function fieldsWriter(fields: readonly FieldWriter[]): (tap: Tap, value: Fields) => void {
  if (fields.length > MOST_GENERATED_FIELDS) {
    return (tap, value) => {
      for (const { name, write, defaultValue } of fields) write(tap, ownValue(value, name) ?? defaultValue)
    }
  }
  const lines = fields.map(({ name, defaultValue }, at) => {
    const literal = JSON.stringify(name)
    // inherited properties must not be read as fields
    const value = name in Object.prototype ? `ownValue(value, ${literal})` : `value[${literal}]`
    return `write[${at}](tap, ${value}${defaultValue === null ? '' : ` ?? fields[${at}].defaultValue`})`
  })
  return generated(fields, lines.map(named).join('\n'), 'tap, value') as (tap: Tap, value: Fields) => void
}

/** Compiles code that reads the fields in order to a plain object. */
export function fieldsReader(fields: readonly FieldReader[]): (tap: Tap) => Fields {
  if (fields.length > MOST_GENERATED_FIELDS) {
    return (tap) => Object.fromEntries(fields.map(({ name, read }) => [name, read(tap)]))
  }
  const members = fields.map(({ name }, at) => `[${JSON.stringify(name)}]: read[${at}](tap)`)
  return generated(fields, `return { ${members.map(named).join(', ')} }`, 'tap') as (tap: Tap) => Fields
}

/** Calls of constants can be inlined, calls of elements of a list cannot. */
const named = (code: string): string => code.replace(/(read|write)\[(\d+)\]\(/, '$1$2(')

function generated(fields: readonly object[], body: string, args: string): unknown {
  const constants = fields.flatMap((field, at) =>
    ['read', 'write']
      .filter((name) => name in field)
      .map((name) => `const ${name}${at} = fields[${at}].${name}`),
  )
  const code = `${constants.join('\n')}\nreturn (${args}) => {\n${body}\n}`
  // oxlint-disable-next-line no-new-func, typescript/no-implied-eval -- names come in as string literals only
  return new Function('fields', 'ownValue', code)(fields, ownValue) as unknown
}

const ownValue = (source: Fields, name: string): unknown =>
  Object.hasOwn(source, name) ? source[name] : undefined
