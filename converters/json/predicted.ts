import { isFloat64, schemalessFloat } from '../../api/index.ts'
import { Shapes, structBuilder } from '../../java/index.ts'
import { holdsAt, viewOf } from './bytes.ts'
import { EXACT_DIGITS, notAsWritten, readNumber } from './written.ts'

const QUOTE = 0x22
const COMMA = 0x2c
const MINUS = 0x2d
const POINT = 0x2e
const ZERO = 0x30
const NINE = 0x39
const CAPITAL_E = 0x45
const LETTER_E = 0x65
const CLOSING_BRACE = 0x7d

/** An ASCII message, as a string and as the bytes from `start`. Both have the same indexes. */
interface Message {
  text: string
  view: DataView
  start: number
  /** Index of the next character to read. */
  at: number
}

type Read = (message: Message) => unknown

/**
 * Decodes objects without a schema, without a parser, if they have the fields of earlier objects in the same order and
 * contain no whitespace. Supports strings, numbers, booleans and nulls as values; the parser handles all other objects.
 */
export class PredictingReader {
  readonly #shapes = new Shapes(objectReader)
  readonly #message: Message = { text: '', view: noBytes, start: 0, at: 0 }
  /** The reader for objects with the fields of the last one. */
  #read: Read | undefined

  /** `text` is the content of `view` from `start` to `end`, without escapes or control characters. */
  read(text: string, view: DataView, start: number, end: number): unknown {
    if (this.#read === undefined || text.length !== end - start) return notAsWritten
    const message = this.#message
    message.text = text
    message.view = view
    message.start = start
    message.at = 0
    const value = this.#read(message)
    message.view = noBytes
    return message.at === text.length ? value : notAsWritten
  }

  /** Adapts to a value that the parser has read instead. */
  learn(value: unknown): void {
    const keys = isFlat(value) ? Object.keys(value) : []
    this.#read = keys.length === 0 ? undefined : this.#shapes.of(keys)
  }
}

/** Nested objects are left to the parser. */
function isFlat(value: unknown): value is object {
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype)
    return false
  return Object.values(value).every((part) => typeof part !== 'object' || part === null || isFloat64(part))
}

const noBytes = viewOf(Buffer.alloc(0))

function objectReader(keys: readonly string[]): Read {
  const heads = keys.map((key, place) =>
    viewOf(Buffer.from(`${place === 0 ? '{' : ','}${JSON.stringify(key)}:`)),
  )
  const build = structBuilder(keys.map((name, from) => ({ name, from })))
  const values: unknown[] = []
  return (message) => {
    const { text, view, start } = message
    for (let place = 0; place < heads.length; place++) {
      const head = heads[place]!
      const next = message.at + head.byteLength
      if (next >= text.length || !holdsAt(view, start + message.at, head)) return notAsWritten
      message.at = next
      const value = readScalar(message)
      if (value === notAsWritten) return notAsWritten
      values[place] = value
    }
    if (text.charCodeAt(message.at++) !== CLOSING_BRACE) return notAsWritten
    return build(nothing, values)
  }
}

const nothing = Object.freeze({})

function readScalar(message: Message): unknown {
  const { text, at } = message
  const first = message.view.getUint8(message.start + at)
  if (first === QUOTE) {
    const end = text.indexOf('"', at + 1)
    if (end < 0) return notAsWritten
    message.at = end + 1
    return text.slice(at + 1, end)
  }
  if (first <= NINE) return readDigits(message, first === MINUS)
  if (text.startsWith('true', at)) return word(message, 4, true)
  if (text.startsWith('false', at)) return word(message, 5, false)
  return text.startsWith('null', at) ? word(message, 4, null) : notAsWritten
}

function word(message: Message, length: number, value: boolean | null): boolean | null {
  message.at += length
  return value
}

function readDigits(message: Message, negative: boolean): unknown {
  const { text, view, start } = message
  const end = start + text.length
  const first = start + message.at + (negative ? 1 : 0)
  let value = 0
  let next = 0
  let at = first
  for (; at < end; at++) {
    next = view.getUint8(at)
    if (next < ZERO || next > NINE) break
    value = value * 10 + next - ZERO
  }
  if (next === POINT || next === LETTER_E || next === CAPITAL_E) {
    const float = readNumber(message)
    return float === undefined ? notAsWritten : schemalessFloat(float)
  }
  const digits = at - first
  const leadingZero = digits > 0 && view.getUint8(first) === ZERO && (digits > 1 || negative)
  const ends = next === COMMA || next === CLOSING_BRACE
  if (digits === 0 || digits > EXACT_DIGITS || leadingZero || !ends) return notAsWritten
  message.at = at - start
  return negative ? -value : value
}
