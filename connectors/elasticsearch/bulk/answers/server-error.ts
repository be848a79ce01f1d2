import { at, textAt } from '../../server/body.ts'

/** An error as the server describes it. */
export interface ServerError {
  readonly type: string
  /** With the reasons of its causes. */
  readonly reason: string
  /** The types of the error and its causes. */
  readonly types: readonly string[]
}

const MAX_CAUSES = 8
const MAX_TEXT = 300

/** Returns the error in the body of a response, or of one of its items. */
export function serverError(value: unknown): ServerError {
  const types: string[] = []
  const reasons: string[] = []
  let error: unknown = value
  for (let depth = 0; depth <= MAX_CAUSES && error !== undefined && error !== null; depth++) {
    if (typeof error !== 'object') {
      reasons.push(shortened(String(error)))
      break
    }
    const type = textAt(error, 'type')
    if (type !== undefined) types.push(type)
    const text = readable(textAt(error, 'reason')?.trim() ?? '')
    if (text !== '' && !reasons.some((known) => known.includes(text))) reasons.push(text)
    error = at(error, 'caused_by')
  }
  return { type: types[0] ?? 'unknown error', reason: reasons.join(': ') || 'no reason given', types }
}

/** Returns the error in the body of a response without success; the body is text if a proxy responded. */
export function bodyError(body: unknown): ServerError {
  const text = typeof body === 'string' && body.trim() !== '' ? body.trim() : undefined
  return serverError(at(body, 'error') ?? text)
}

/** Returns `type: reason`. */
export function textOf({ type, reason, types }: ServerError): string {
  return types.length === 0 ? reason : `${type}: ${reason}`
}

/** A rejection by a full queue is described with all the objects involved. */
const rejection = /^rejected execution of .* on \w+\[name = ([^,]+), queue capacity = (\d+),.*$/s

const readable = (reason: string): string =>
  reason.replace(rejection, 'the queue of the thread pool $1 is full (queue capacity $2)')

const shortened = (text: string): string => (text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text)
