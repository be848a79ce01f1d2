import { logicalNames, type Schema } from '../../api/index.ts'
import { structBuilder } from '../../java/index.ts'
import { holdsAt, viewOf } from './bytes.ts'
import { requiredParts, type Decoder, type DecoderCache } from './decode.ts'

/** Returned for JSON that differs from the form in which JsonConverter writes it. */
export const notAsWritten = Symbol('not as converters write it')

/**
 * Decodes the value from the start of `text` to `end`. The text has no escapes or control characters. If it is ASCII,
 * `view` has its bytes from `start`. Returns {@link notAsWritten} for any other form; the parser then reads the value or
 * reports the error.
 */
export type WrittenReader = (text: string, end: number, view: DataView | undefined, start: number) => unknown

interface Cursor {
  text: string
  at: number
  /** The bytes of an ASCII text, from `start`, with the same indexes. Undefined for any other text. */
  view: DataView | undefined
  start: number
}

/** The text before the value of a field. */
interface FieldHead {
  readonly text: string
  readonly bytes: DataView
}

/** Decodes a value and moves the cursor past it. */
type Read = (cursor: Cursor) => unknown

const QUOTE = 0x22
const COMMA = 0x2c
const MINUS = 0x2d
const ZERO = 0x30
const OPENING_BRACKET = 0x5b
const CLOSING_BRACKET = 0x5d
const LETTER_N = 0x6e
const OPENING_BRACE = 0x7b
const CLOSING_BRACE = 0x7d
/** Any integer with this many digits is exact as a double. */
export const EXACT_DIGITS = 15
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/

const logical: ReadonlySet<string | null> = new Set(Object.values(logicalNames))

/**
 * Compiles a reader for payloads of one schema in the form in which JsonConverter writes them: without whitespace, and
 * with all fields of a struct in the order of the schema. Because the structure is known, it takes a fraction of the
 * time of a parser and allocates no intermediate objects. The result is the same as that of parsing and decoding.
 *
 * Returns undefined for schemas that it does not support.
 */
export function writtenReader(schema: Schema, decoders: DecoderCache): WrittenReader | undefined {
  const read = valueReader(schema, decoders.of(schema), undefined, decoders)
  if (read === undefined) return undefined
  const cursor: Cursor = { text: '', at: 0, view: undefined, start: 0 }
  return (text, end, view, start) => {
    cursor.text = text
    cursor.at = 0
    cursor.view = view
    cursor.start = start
    try {
      const value = read(cursor)
      return cursor.at === end ? value : notAsWritten
    } catch {
      return notAsWritten // the regular path throws the same error again
    } finally {
      cursor.view = undefined // it may be large
    }
  }
}

function valueReader(
  schema: Schema,
  decode: Decoder,
  check: ((value: unknown) => void) | undefined,
  decoders: DecoderCache,
): Read | undefined {
  switch (schema.type) {
    case 'struct':
      return structReader(schema, decode, decoders)
    case 'array':
      return arrayReader(schema, decode, check, decoders)
    case 'string':
    case 'bytes':
      return (cursor) => readText(cursor, decode)
    case 'boolean':
      return (cursor) => readBoolean(cursor, decode)
    case 'float32':
    case 'float64':
      return (cursor) => readFloat(cursor, decode)
    case 'map':
      return undefined
    default:
      return (cursor) => readInteger(cursor, decode)
  }
}

function structReader(schema: Schema, decode: Decoder, decoders: DecoderCache): Read | undefined {
  const { fields, name } = schema
  if (fields.length === 0 || logical.has(name)) return undefined
  const reads: Read[] = []
  for (const field of fields) {
    const check = requiredParts(field.schema, `field: "${field.name}"`)
    const read = valueReader(field.schema, decoders.field(field.name, field.schema), check, decoders)
    if (read === undefined) return undefined
    reads.push(read)
  }
  const heads = fields.map((field, place) => fieldHead(field.name, place))
  const build = structBuilder(fields.map((field, from) => ({ name: field.name, from })))
  const values: unknown[] = []
  return (cursor) => {
    if (cursor.text.charCodeAt(cursor.at) !== OPENING_BRACE) return readNull(cursor, decode)
    for (let place = 0; place < reads.length; place++) {
      const head = heads[place]!
      if (!holdsHead(cursor, head)) return notAsWritten
      cursor.at += head.text.length
      const value = reads[place]!(cursor)
      if (value === notAsWritten) return notAsWritten
      values[place] = value
    }
    if (cursor.text.charCodeAt(cursor.at++) !== CLOSING_BRACE) return notAsWritten
    return build(nothing, values)
  }
}

const nothing = Object.freeze({})

function fieldHead(name: string, place: number): FieldHead {
  const text = `${place === 0 ? '{' : ','}${JSON.stringify(name)}:`
  return { text, bytes: viewOf(Buffer.from(text)) }
}

/** Compares bytes where possible, which is faster. */
function holdsHead({ text, at, view, start }: Cursor, head: FieldHead): boolean {
  if (view === undefined) return text.startsWith(head.text, at)
  return at + head.bytes.byteLength <= text.length && holdsAt(view, start + at, head.bytes)
}

function arrayReader(
  { name, valueSchema }: Schema,
  decode: Decoder,
  check: ((value: unknown) => void) | undefined,
  decoders: DecoderCache,
): Read | undefined {
  if (valueSchema === null || logical.has(name)) return undefined
  const read = valueReader(valueSchema, decoders.of(valueSchema), undefined, decoders)
  if (read === undefined) return undefined
  return (cursor) => {
    if (cursor.text.charCodeAt(cursor.at) !== OPENING_BRACKET) return readNull(cursor, decode)
    const items: unknown[] = []
    if (cursor.text.charCodeAt(++cursor.at) === CLOSING_BRACKET) cursor.at++
    else
      for (;;) {
        const item = read(cursor)
        if (item === notAsWritten) return notAsWritten
        items.push(item)
        const next = cursor.text.charCodeAt(cursor.at++)
        if (next === CLOSING_BRACKET) break
        if (next !== COMMA) return notAsWritten
      }
    check?.(items)
    return items
  }
}

function readNull(cursor: Cursor, decode: Decoder): unknown {
  if (!cursor.text.startsWith('null', cursor.at)) return notAsWritten
  cursor.at += 4
  return decode(null)
}

function readText(cursor: Cursor, decode: Decoder): unknown {
  const { text, at } = cursor
  if (text.charCodeAt(at) !== QUOTE) return readNull(cursor, decode)
  const end = text.indexOf('"', at + 1)
  if (end < 0) return notAsWritten
  cursor.at = end + 1
  return decode(text.slice(at + 1, end))
}

function readBoolean(cursor: Cursor, decode: Decoder): unknown {
  const { text, at } = cursor
  const value = text.startsWith('true', at)
  if (!value && !text.startsWith('false', at)) return readNull(cursor, decode)
  cursor.at += value ? 4 : 5
  return decode(value)
}

function readInteger(cursor: Cursor, decode: Decoder): unknown {
  const { text } = cursor
  if (text.charCodeAt(cursor.at) === LETTER_N) return readNull(cursor, decode)
  const negative = text.charCodeAt(cursor.at) === MINUS
  const start = negative ? cursor.at + 1 : cursor.at
  let at = start
  let value = 0
  for (;;) {
    const digit = text.charCodeAt(at) - ZERO
    if (!(digit >= 0 && digit <= 9)) break
    value = value * 10 + digit
    at++
  }
  const digits = at - start
  const leadingZero = text.charCodeAt(start) === ZERO && (digits > 1 || negative)
  if (digits === 0 || digits > EXACT_DIGITS || leadingZero) return notAsWritten
  cursor.at = at // a fraction or exponent does not match the next expected character
  return decode(negative ? -value : value)
}

function readFloat(cursor: Cursor, decode: Decoder): unknown {
  if (cursor.text.charCodeAt(cursor.at) === LETTER_N) return readNull(cursor, decode)
  const number = readNumber(cursor)
  return number === undefined ? notAsWritten : decode(number)
}

/** Reads a number up to the end of the value. Returns undefined if it is not a number. */
export function readNumber(cursor: Pick<Cursor, 'text' | 'at'>): number | undefined {
  const { text, at } = cursor
  let end = at
  for (; end < text.length; end++) {
    const letter = text.charCodeAt(end)
    if (letter === COMMA || letter === CLOSING_BRACE || letter === CLOSING_BRACKET) break
  }
  const number = text.slice(at, end)
  if (!NUMBER.test(number)) return undefined
  cursor.at = end
  return Number(number) + 0
}
