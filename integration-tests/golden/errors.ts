import { isConnectError, messageOf } from '../../api/index.ts'
import type { RecordedError } from './format.ts'

/** Classes whose texts are the virtual machine's: that something failed is all that counts. */
const VIRTUAL_MACHINE = new Set(['NullPointerException', 'ClassCastException'])

const simpleName = (className: string): string => className.slice(className.lastIndexOf('.') + 1)

/**
 * What is different between a recorded error and ours; undefined when they count as equal: the class by its simple
 * name, and the message where users see it at validation.
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

/** An object's identity is no text for users: anything may stand there. */
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
