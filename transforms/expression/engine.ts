import { createRequire } from 'node:module'
import { ConnectError, isConnectError, messageOf } from '../../api/index.ts'
import { LinearRegExp, searchOf } from './linear-regexp.ts'

type Jsonata = typeof import('jsonata')
type Compiled = ReturnType<Jsonata>

/** Limits of one evaluation. */
export interface Limits {
  readonly timeoutMs: number
}

/** Depth of nested calls. A tail recursion is limited only by the timeout. */
const MAX_DEPTH = 500
const MAX_SEQUENCE = 100_000
const MAX_PADDING = 100_000
const MAX_TIME_TEXT = 200
const MAX_EXPRESSION = 100_000

/** Loaded on first use: the parser is large, and most processes do not need it. */
const loadJsonata = (): Jsonata => createRequire(import.meta.url)('jsonata') as Jsonata

/** Evaluates an expression. Rejects with `HR_DATA_INVALID` if the evaluation fails. */
export type Evaluate = (input: unknown) => Promise<unknown>

/**
 * Compiles a JSONata expression. Evaluations are bounded in time, call depth, sequence length and padding, and regular
 * expressions run in linear time.
 *
 * Throws `HR_CONFIG_INVALID` with the position of the error.
 */
export function compileExpression(text: string, { timeoutMs }: Limits): Evaluate {
  const options = { timeout: timeoutMs, stack: MAX_DEPTH, sequence: MAX_SEQUENCE }
  let compiled: Compiled
  try {
    if (text.length > MAX_EXPRESSION)
      throw new RangeError(`it must not be longer than ${MAX_EXPRESSION} characters`)
    compiled = loadJsonata()(text, { ...options, RegexEngine: LinearRegExp as unknown as RegExpConstructor })
    for (const regex of regexesIn(compiled.ast())) searchOf(regex)
  } catch (cause) {
    const message = `${faultText(cause)}${placeOf(cause)}`
    throw new ConnectError('HR_CONFIG_INVALID', message, { cause, configKey: 'expression' })
  }
  const bounded = bind(compiled)
  return async (input) => {
    try {
      await bounded
      return (await compiled.evaluate(input)) as unknown
    } catch (cause) {
      const message = `The expression failed${placeOf(cause)}: ${faultText(cause)}`
      throw new ConnectError('HR_DATA_INVALID', message, { cause: causeOf(cause) })
    }
  }
}

/** Replaces functions of unbounded cost, and `$clone`, which would lose values that JSON cannot represent. */
async function bind(compiled: Compiled): Promise<void> {
  const pad = await builtIn('pad')
  const toMillis = await builtIn('toMillis')
  compiled.registerFunction(
    'pad',
    (text: string, width: number, fill?: string) => {
      if (Math.abs(width) > MAX_PADDING) throw tooMuch('$pad', 'a width of at most', MAX_PADDING)
      return pad(text, width, fill)
    },
    '<s-ns?:s>',
  )
  compiled.registerFunction(
    'toMillis',
    (text: string | undefined, picture?: string) => {
      if ((text?.length ?? 0) > MAX_TIME_TEXT)
        throw tooMuch('$toMillis', 'a string length of at most', MAX_TIME_TEXT)
      return toMillis(text, picture)
    },
    '<s-s?:n>',
  )
  compiled.registerFunction('clone', clone, '<(oa)-:o>')
}

async function builtIn(name: string): Promise<(...args: unknown[]) => unknown> {
  const found = (await loadJsonata()(`$${name}`).evaluate(null)) as {
    implementation(...args: unknown[]): unknown
  }
  return (...args) => found.implementation(...args)
}

const tooMuch = (name: string, what: string, limit: number) =>
  new ConnectError('HR_DATA_INVALID', `${name} accepts ${what} ${limit}`)

/** Copies objects and arrays deeply. Keeps bigints. */
function clone(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(clone)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, clone(item)]))
}

/** Returns the regular expression literals in the syntax tree of an expression. */
function regexesIn(node: unknown, seen = new Set<unknown>()): RegExp[] {
  if (typeof node !== 'object' || node === null || seen.has(node)) return []
  seen.add(node)
  if (node instanceof RegExp) return [node]
  return Object.values(node).flatMap((part) => regexesIn(part, seen))
}

interface JsonataFault {
  readonly code?: string
  readonly message?: string
  readonly position?: number
}

/** JSONata throws plain objects, not errors. */
function faultText(fault: unknown): string {
  if (isConnectError(fault)) return fault.message
  const { message } = fault as JsonataFault
  const text = message ?? messageOf(fault)
  if (/BigInt/.test(text)) return 'an integer beyond 53 bits can be copied, but not used in a string or a sum'
  return text
}

function placeOf(fault: unknown): string {
  const { position } = fault as JsonataFault
  return position === undefined ? '' : ` at character ${position}`
}

const causeOf = (fault: unknown): Error | undefined => (fault instanceof Error ? fault : undefined)
