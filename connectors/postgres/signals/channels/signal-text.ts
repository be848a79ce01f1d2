import { isPlainObject, messageOf } from '../../../../api/index.ts'
import type { SignalRow } from '../ports.ts'

/**
 * Reads a signal of the channels `kafka` and `file`: `{"id": …, "type": …, "data": {…}}`. Returns what is wrong if it is
 * none. `data` may be text, as in the signal table.
 */
export function readSignalText(text: string): SignalRow | string {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    return `it is not valid JSON: ${messageOf(error)}`
  }
  if (!isPlainObject(value)) return 'it must be a JSON object with id, type and data'
  const { id, type, data } = value
  if (typeof id !== 'string') return `expected a string as "id", found ${JSON.stringify(id)}`
  if (typeof type !== 'string') return `signal ${JSON.stringify(id)} must have a string as "type"`
  const isMissing = data === undefined || data === null
  return { id, type, data: isMissing ? null : typeof data === 'string' ? data : JSON.stringify(data) }
}
