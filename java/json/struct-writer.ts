import { jsonString } from './text.ts'

/** A field and the function that serializes its value. */
export interface WrittenField {
  readonly name: string
  readonly write: (value: unknown) => string
}

type Fields = Readonly<Record<string, unknown>>

/** Larger structs are written in a loop, because the engine stores them as hash tables anyway. */
const MOST_GENERATED_FIELDS = 500

/**
 * Compiles a writer whose code names every field, which avoids lookups by computed name. The writer puts the struct
 * between `before` and `after`, without further concatenations.
 */
export function structWriter(
  fields: readonly WrittenField[],
  before = '',
  after = '',
): (struct: Fields) => string {
  const heads = fields.map(({ name }, at) => `${at === 0 ? `${before}{` : ','}${jsonString(name)}:`)
  const end = `${fields.length === 0 ? `${before}{` : ''}}${after}`
  if (fields.length > MOST_GENERATED_FIELDS) {
    return (struct) =>
      `${fields.map(({ name, write }, at) => `${heads[at]}${write(ownValue(struct, name))}`).join('')}${end}`
  }
  const terms = fields.map(({ name }, at) => `${JSON.stringify(heads[at])} + write${at}(${read(name)})`)
  const writers = fields.map((_, at) => `write${at} = fields[${at}].write`)
  const code = [
    ...(writers.length === 0 ? [] : [`const ${writers.join(', ')}`]),
    `return (struct) => ${[...terms, JSON.stringify(end)].join(' + ')}`,
  ].join('\n')
  // oxlint-disable-next-line no-new-func, typescript/no-implied-eval -- names come in as string literals only
  return new Function('fields', 'ownValue', code)(fields, ownValue) as (struct: Fields) => string
}

/** Inherited properties must not be read as fields. */
function read(name: string): string {
  const literal = JSON.stringify(name)
  return name in Object.prototype ? `ownValue(struct, ${literal})` : `struct[${literal}]`
}

const ownValue = (struct: Fields, name: string): unknown =>
  Object.hasOwn(struct, name) ? struct[name] : undefined
