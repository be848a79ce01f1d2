import { messageOf } from './errors.ts'

const MAX_CAUSES = 8
/** Number of reasons that are shown of an `AggregateError`. */
const MAX_TOGETHER = 3
const CAUSED_BY = 'Caused by: '

/**
 * Returns an error and its causes, outermost first: at most eight causes, each only once. The first error of an
 * `AggregateError` is its cause.
 */
export function causesOf(error: unknown): readonly unknown[] {
  const chain = [error]
  while (chain.length <= MAX_CAUSES) {
    const cause = causeOf(chain.at(-1))
    if (cause === undefined || cause === null || chain.includes(cause)) break
    chain.push(cause)
  }
  return chain
}

function causeOf(error: unknown): unknown {
  if (typeof error !== 'object' || error === null) return undefined
  const { cause, errors } = error as { readonly cause?: unknown; readonly errors?: unknown }
  return cause ?? (error instanceof AggregateError && Array.isArray(errors) ? errors[0] : undefined)
}

/**
 * Joins the messages of an error and its causes, outermost first. Omits a message that is empty or that the previous
 * one contains. An `AggregateError` without a cause ends with the reasons of its errors.
 */
export function reasonOf(error: unknown): string {
  const texts: string[] = []
  for (const one of causesOf(error)) {
    if (one instanceof AggregateError && one.cause === undefined && one.errors.length > 1) {
      texts.push(...(one.message === '' ? [] : [one.message]), reasonOfAll(one.errors))
      break
    }
    const text = messageOf(one).trim()
    if (text !== '' && texts.at(-1)?.includes(text) !== true) texts.push(text)
  }
  return texts.map((text, at) => (at < texts.length - 1 ? text.replace(/:$/, '') : text)).join(': ')
}

/** Joins the different reasons of errors that happened together, at most {@link MAX_TOGETHER} of them. */
function reasonOfAll(errors: readonly unknown[]): string {
  const reasons = [...new Set(errors.map((error) => reasonOf(error)))].filter((text) => text !== '')
  const more = reasons.length - MAX_TOGETHER
  return reasons.slice(0, MAX_TOGETHER).join('; ') + (more > 0 ? `; and ${more} more` : '')
}

/**
 * Returns the innermost cause in the stack trace of a failed connector or task, as `class: message`, or the first line
 * of a trace without causes. Returns the enclosing error instead if its message contains the cause and more. Supports
 * traces of Java workers.
 */
export function rootCauseOfTrace(trace: string): string {
  const [first = '', ...others] = trace.split('\n')
  const causes = others
    .filter((line) => line.startsWith(CAUSED_BY))
    .map((line) => line.slice(CAUSED_BY.length).trimEnd())
  return causes
    .toReversed()
    .concat(first.trimEnd())
    .reduce((cause, wrapper) => {
      const said = messageIn(wrapper)
      return said !== cause && said.includes(messageIn(cause)) ? wrapper : cause
    })
}

/** Returns the message of a line `class: message`, or the class if there is no message. */
const messageIn = (line: string): string => line.slice(line.indexOf(': ') + 1).trimStart()
