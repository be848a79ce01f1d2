import { ConnectError } from '../../../api/index.ts'
import { printJson } from '../../../java/index.ts'

/**
 * Returns the text that identifies a source partition: its JSON, as written to the offset store.
 *
 * Throws `HR_DATA_INVALID` when the partition cannot be stored; `owner` names the task in the message.
 *
 * Source: OffsetUtils.validateFormat. Differs: in Kafka Connect each commit fails and the task continues
 * without storing any offset.
 */
export function partitionKey(owner: string, partition: unknown): string {
  if (partition === null || partition === undefined) return 'null'
  return printed(owner, 'partition', partition)
}

/** Throws `HR_DATA_INVALID` when an offset cannot be stored; see {@link partitionKey}. */
export function checkOffset(owner: string, offset: unknown): void {
  if (offset === null || offset === undefined || hasPlainValues(offset)) return
  printed(owner, 'offset', offset)
}

/** The common case, which can be checked without serializing the offset. */
function hasPlainValues(offset: unknown): boolean {
  if (Array.isArray(offset)) return false
  let plain = false // an object without fields may be of another type, such as a Date
  const fields = offset as Readonly<Record<string, unknown>>
  for (const name in fields) {
    const type = typeof fields[name]
    if (type !== 'number' && type !== 'string' && type !== 'bigint' && type !== 'boolean') return false
    plain = true
  }
  return plain
}

function printed(owner: string, what: 'partition' | 'offset', value: unknown): string {
  const fail = (where: string, found: unknown, cause?: unknown) => {
    const expected = 'an object of strings, numbers, booleans and nulls'
    const message = `Task ${owner} returned a source ${what} that cannot be stored: expected ${expected}, found ${typeName(found)}${where}`
    return new ConnectError('HR_DATA_INVALID', message, { cause })
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw fail('', value)
  try {
    return printJson(value)
  } catch (cause) {
    const [name, culprit] = Object.entries(value).find(([, item]) => !isPrintable(item)) ?? []
    throw name === undefined ? fail('', value, cause) : fail(` in '${name}'`, culprit, cause)
  }
}

function isPrintable(value: unknown): boolean {
  try {
    printJson(value)
    return true
  } catch {
    return false
  }
}

/** `a Date`, `an Array`, `a function`: the class of an object, otherwise the type. */
function typeName(value: unknown): string {
  const className = typeof value === 'object' ? value?.constructor.name : undefined
  const name = className ?? typeof value
  return `${/^[AEIOU]/i.test(name) ? 'an' : 'a'} ${name}`
}
