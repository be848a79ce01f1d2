import { createRequire } from 'node:module'
import { ConnectError, isConnectError, messageOf } from '../../api/index.ts'
import { LinearRegExp, searchOf } from './linear-regexp.ts'

type Jsonata = typeof import('jsonata')
type Compiled = ReturnType<Jsonata>

/** How far an evaluation may go. */
export interface Limits {
  readonly timeoutMs: number
}

/** Calls within calls; a recursion in tail position is bounded by time alone. */
const MAX_DEPTH = 500
const MAX_SEQUENCE = 100_000
const MAX_PADDING = 100_000
const MAX_TIME_TEXT = 200
const MAX_EXPRESSION = 100_000

/** The parser is large, and most processes never need it. */
const loadJsonata = (): Jsonata => createRequire(import.meta.url)('jsonata') as Jsonata

/** Gives the result of an expression. Rejects with `HR_DATA_INVALID` where it has none. */
export type Evaluate = (input: unknown) => Promise<unknown>

/**
 * Compiles a JSONata expression. It cannot run away: time, depth, the length of sequences and padding are bounded, and
 * regular expressions take linear time.
 *
 * Throws `HR_CONFIG_INVALID` with the place of the fault.
 */
export function compileExpression(text: string, { timeoutMs }: Limits): Evaluate {
  const options = { timeout: timeoutMs, stack: MAX_DEPTH, sequence: MAX_SEQUENCE }
  let compiled: Compiled
  try {
    if (text.length > MAX_EXPRESSION) throw new RangeError(`it is longer than ${MAX_EXPRESSION} characters`)
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

/** Functions that could take much more than their arguments suggest, and one that would lose what JSON cannot hold. */
async function bind(compiled: Compiled): Promise<void> {
  const pad = await builtIn('pad')
  const toMillis = await builtIn('toMillis')
  compiled.registerFunction(
    'pad',
    (text: string, width: number, fill?: string) => {
      if (Math.abs(width) > MAX_PADDING) throw tooMuch('$pad', 'a width', MAX_PADDING)
      return pad(text, width, fill)
    },
    '<s-ns?:s>',
  )
  compiled.registerFunction(
    'toMillis',
    (text: string | undefined, picture?: string) => {
      if ((text?.length ?? 0) > MAX_TIME_TEXT) throw tooMuch('$toMillis', 'a text', MAX_TIME_TEXT)
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
  new ConnectError('HR_DATA_INVALID', `${name} takes ${what} of ${limit} at most`)

/** A deep copy of objects and arrays; numbers of any size stay what they are. */
function clone(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(clone)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, clone(item)]))
}

/** The regular expressions that stand in an expression. */
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

/** JSONata throws objects that are no errors. */
function faultText(fault: unknown): string {
  if (isConnectError(fault)) return fault.message
  const { message } = fault as JsonataFault
  const text = message ?? messageOf(fault)
  if (/BigInt/.test(text))
    return 'an integer beyond 53 bits can be passed on, but not be part of a text or a sum'
  return text
}

function placeOf(fault: unknown): string {
  const { position } = fault as JsonataFault
  return position === undefined ? '' : ` at character ${position}`
}

const causeOf = (fault: unknown): Error | undefined => (fault instanceof Error ? fault : undefined)
