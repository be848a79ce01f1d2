import { isConnectError, messageOf } from '../../api/index.ts'
import type { RecordedError } from './format.ts'

/** Classes whose messages come from the JVM, so only the failure itself is compared. */
const VIRTUAL_MACHINE = new Set(['NullPointerException', 'ClassCastException'])

const simpleName = (className: string): string => className.slice(className.lastIndexOf('.') + 1)

/**
 * Returns the difference between a recorded error and ours, or undefined if there is none. Compares the simple name of
 * the class, and the message if users see it during validation.
 */
export function errorDifference(recorded: RecordedError, error: unknown): string | undefined {
  const expected = simpleName(recorded.class)
  if (VIRTUAL_MACHINE.has(expected)) return undefined
  const found = isConnectError(error) ? simpleName(error.javaClass) : ((error as Error)?.name ?? 'no error')
  const message = messageOf(error)
  if (found !== expected) return `expected ${expected}: ${recorded.message}\n   found ${found}: ${message}`
  if (expected !== 'ConfigException' || sameText(recorded, message)) return undefined
  return `expected the message ${recorded.message}\n                found ${message}`
}

/** The identity of an object in a message is meaningless and matches any text. */
function sameText(recorded: RecordedError, message: string): boolean {
  if (recorded.identityHash === true) return message.startsWith(recorded.message.replace(/[\w.$]+@\*$/, ''))
  const normal = (text: string) => (recorded.sortedList === true ? withSortedList(text) : text)
  return normal(recorded.message) === normal(message)
}

function withSortedList(text: string): string {
  return text.replace(/(supported types are )\[(.*)\]/, (_all, head: string, list: string) => {
    return `${head}[${list.split(', ').toSorted().join(', ')}]`
  })
}
