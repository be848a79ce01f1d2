import { ConnectError } from '../../../api/index.ts'
import { printJson } from '../../../java/index.ts'

/**
 * The text that identifies a source partition: its JSON, as the offset store writes it.
 *
 * Throws `HR_DATA_INVALID` when the partition cannot be stored; `owner` names the task in the message.
 *
 * Source: OffsetUtils.validateFormat. Differs: in Kafka Connect each commit fails and the task runs on without storing
 * any offset.
 */
export function partitionKey(owner: string, partition: unknown): string {
  if (partition === null || partition === undefined) return 'null'
  return printed(owner, 'partition', partition)
}

/** Throws `HR_DATA_INVALID` when an offset cannot be stored, as {@link partitionKey}. */
export function checkOffset(owner: string, offset: unknown): void {
  if (offset === null || offset === undefined || hasPlainValues(offset)) return
  printed(owner, 'offset', offset)
}

/** The usual case, which needs no JSON to be checked. */
function hasPlainValues(offset: unknown): boolean {
  if (Array.isArray(offset)) return false
  let plain = false // without any field it may be something else, such as a Date
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
    const message = `Task ${owner} polled a record whose source ${what} cannot be stored: expected ${expected}, found ${typeName(found)}${where}`
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

/** `a Date`, `an Array`, `a function`: the class of an object, else the type. */
function typeName(value: unknown): string {
  const className = typeof value === 'object' ? value?.constructor.name : undefined
  const name = className ?? typeof value
  return `${/^[AEIOU]/i.test(name) ? 'an' : 'a'} ${name}`
}
