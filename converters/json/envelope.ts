import {
  ConnectError,
  parseJson,
  printJson,
  type JsonParseOptions,
  type Schema,
  type SchemaAndValue,
} from '../../api/index.ts'
import { ByteViews, holdsAt, plainText, viewOf } from './bytes.ts'
import type { DecoderCache } from './decode.ts'
import { hasDecimal, withDigits } from './digits.ts'
import { messageText, parseMessageText } from './message.ts'
import { readSchema } from './schema-json.ts'
import { notAsWritten, writtenReader, type WrittenReader } from './written.ts'

/** The beginning that messages of one schema share, what it means, and how to read on behind it. */
interface KnownHead {
  readonly bytes: DataView
  readonly schema: Schema | null
  readonly read: WrittenReader | undefined
}

const HEAD = '{"schema":'
const PAYLOAD = ',"payload":'
const MAX_HEADS = 8

/**
 * Opens `{"schema":…,"payload":…}`. Messages of one schema begin with the same bytes: those are compared, and only
 * the payload behind them is read.
 */
export class EnvelopeReader {
  readonly #decoders: DecoderCache
  readonly #cacheSize: number
  /** The last one used comes first. */
  #heads: KnownHead[] = []
  readonly #schemas = new Map<string, Schema | null>()
  readonly #views = new ByteViews()

  constructor(decoders: DecoderCache, cacheSize: number) {
    this.#decoders = decoders
    this.#cacheSize = cacheSize
  }

  /**
   * Reads the message from `start` to `end`.
   *
   * Throws `HR_DATA_INVALID` when it is no envelope, its schema is none, or the payload does not fit it.
   */
  read(bytes: Buffer, start: number, end: number): SchemaAndValue {
    const view = this.#views.of(bytes)
    for (const head of this.#heads) {
      const behind = start + head.bytes.byteLength
      if (end <= behind || !holdsAt(view, start, head.bytes)) continue
      this.#toFront(head)
      if (bytes[end - 1] !== CLOSING) break
      const plain = head.read === undefined ? undefined : plainText(bytes, view, behind, end)
      const value = plain === undefined ? notAsWritten : head.read?.(plain, plain.length - 1)
      if (value !== notAsWritten) return { schema: head.schema, value }
      return (
        this.#readPayload(head.schema, plain ?? bytes.toString('utf8', behind, end)) ??
        this.#readAny(bytes, start, end)
      )
    }
    return this.#readAny(bytes, start, end)
  }

  /** `text` is the payload and what closes the message. Undefined for more than a payload, or none. */
  #readPayload(schema: Schema | null, text: string): SchemaAndValue | undefined {
    const own = text.slice(0, -1)
    const first = hasDecimal(schema) ? 'exact' : 'double'
    const payload = parsedWhole(own, first)
    if (payload === undefined || own.includes('\ufffd')) return undefined
    return this.#decode(schema, (decimals) => (decimals === first ? payload : parsedWhole(own, decimals)))
  }

  #readAny(bytes: Buffer, start: number, end: number): SchemaAndValue {
    const text = messageText(bytes, start, end)
    const message = parseMessageText(text, { longIntegers: 'exact' })
    if (!isEnvelope(message)) {
      throw new ConnectError(
        'HR_DATA_INVALID',
        'JsonConverter with schemas.enable requires "schema" and "payload" fields and may not contain additional fields. If you are trying to deserialize plain JSON data, set schemas.enable=false in your converter configuration.',
      )
    }
    const exactly = () =>
      parseMessageText(text, { decimals: 'exact', longIntegers: 'exact' }) as typeof message
    const schema = this.#schemaOf(message.schema, () => exactly().schema)
    this.#remember(text, schema)
    return this.#decode(schema, (decimals) => (decimals === 'exact' ? exactly().payload : message.payload))
  }

  /** `payload` gives it with numbers as doubles, or with all their digits. */
  #decode(
    schema: Schema | null,
    payload: (decimals: JsonParseOptions['decimals']) => unknown,
  ): SchemaAndValue {
    const decode = this.#decoders.of(schema)
    return { schema, value: withDigits(hasDecimal(schema), (decimals) => decode(payload(decimals))) }
  }

  /** `exact` gives the schema with all digits of its numbers: its defaults may need them. */
  #schemaOf(node: unknown, exact: () => unknown): Schema | null {
    const key = printJson(node)
    const known = this.#schemas.get(key)
    if (known !== undefined) return known
    const schema = readSchema(exact(), this.#decoders)
    if (this.#schemas.size >= this.#cacheSize) this.#schemas.delete(this.#schemas.keys().next().value ?? '')
    this.#schemas.set(key, schema)
    return schema
  }

  /** Only messages in the form that converters write have a head; others are parsed whole each time. */
  #remember(text: string, schema: Schema | null): void {
    const at = text.startsWith(HEAD) ? endOfValue(text, HEAD.length) : -1
    if (at < 0 || !text.startsWith(PAYLOAD, at)) return
    const bytes = viewOf(Buffer.from(text.slice(0, at + PAYLOAD.length), 'utf8'))
    const read = schema === null ? undefined : writtenReader(schema, this.#decoders)
    this.#heads = [{ bytes, schema, read }, ...this.#heads.slice(0, MAX_HEADS - 1)]
  }

  #toFront(head: KnownHead): void {
    if (this.#heads[0] !== head) this.#heads = [head, ...this.#heads.filter((other) => other !== head)]
  }
}

const CLOSING = 0x7d

/** Undefined when the text is not one JSON value, and nothing else. */
function parsedWhole(text: string, decimals: JsonParseOptions['decimals'] = 'double'): unknown {
  try {
    return parseJson(text, { whole: true, decimals, longIntegers: 'exact' })
  } catch {
    return undefined
  }
}

function isEnvelope(message: unknown): message is { schema: unknown; payload: unknown } {
  if (typeof message !== 'object' || message === null) return false
  return (
    Object.keys(message).length === 2 && Object.hasOwn(message, 'schema') && Object.hasOwn(message, 'payload')
  )
}

/** Place behind the object or `null` that begins at `from`; -1 when it does not end. */
function endOfValue(text: string, from: number): number {
  if (text.startsWith('null', from)) return from + 4
  let depth = 0
  for (let at = from; at < text.length; at++) {
    const letter = text.charAt(at)
    if (letter === '"') at = endOfString(text, at)
    else if (letter === '{' || letter === '[') depth++
    else if ((letter === '}' || letter === ']') && --depth === 0) return at + 1
  }
  return -1
}

function endOfString(text: string, from: number): number {
  let at = from + 1
  while (at < text.length && text.charAt(at) !== '"') at += text.charAt(at) === '\\' ? 2 : 1
  return at
}
