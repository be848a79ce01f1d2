import { messageOf } from './errors.ts'

const MAX_CAUSES = 8
const CAUSED_BY = 'Caused by: '

/**
 * An error and its causes, outermost first: at most eight causes, and none twice. The first of several errors that
 * were thrown as one (`AggregateError`) counts as the cause of all.
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
 * Why something failed, in one text: the message of an error and those of its causes, outermost first. A message that
 * is empty, or that the one before it quotes, is left out.
 */
export function reasonOf(error: unknown): string {
  const texts: string[] = []
  for (const one of causesOf(error)) {
    const text = messageOf(one).trim()
    if (text !== '' && texts.at(-1)?.includes(text) !== true) texts.push(text)
  }
  return texts.map((text, at) => (at < texts.length - 1 ? text.replace(/:$/, '') : text)).join(': ')
}

/**
 * The innermost cause in the trace of a failed connector or task, as `class: message`; the first line of a trace
 * without causes. A wrapper that quotes its cause and says more stands for it. Reads traces of Java workers, too.
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

/** The message of a line `class: message`; the class where there is none. */
const messageIn = (line: string): string => line.slice(line.indexOf(': ') + 1).trimStart()
