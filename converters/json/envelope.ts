import { ConnectError, type Schema, type SchemaAndValue } from '../../api/index.ts'
import { parseJson, printJson, type JsonParseOptions } from '../../java/index.ts'
import { asciiView, ByteViews, holdsAt, plainText, viewOf } from './bytes.ts'
import type { DecoderCache } from './decode.ts'
import { hasDecimal, withDigits } from './digits.ts'
import { messageText, parseMessageText } from './message.ts'
import { readSchema } from './schema-json.ts'
import { notAsWritten, writtenReader, type WrittenReader } from './written.ts'

/** The prefix of all messages of one schema, up to the payload. */
interface KnownHead {
  readonly bytes: DataView
  readonly schema: Schema | null
  readonly read: WrittenReader | undefined
}

const HEAD = '{"schema":'
const PAYLOAD = ',"payload":'
const MAX_HEADS = 8

/**
 * Decodes messages in the form `{"schema":…,"payload":…}`. Messages of one schema start with the same bytes, so for a
 * known prefix only the payload is parsed.
 */
export class EnvelopeReader {
  readonly #decoders: DecoderCache
  readonly #cacheSize: number
  /** The most recently used one comes first. */
  #heads: KnownHead[] = []
  readonly #schemas = new Map<string, Schema | null>()
  readonly #views = new ByteViews()

  constructor(decoders: DecoderCache, cacheSize: number) {
    this.#decoders = decoders
    this.#cacheSize = cacheSize
  }

  /**
   * Decodes the message from `start` to `end`.
   *
   * Throws `HR_DATA_INVALID` if it is not an envelope, its schema is invalid, or the payload does not match the schema.
   */
  read(bytes: Buffer, start: number, end: number): SchemaAndValue {
    const view = this.#views.of(bytes)
    for (const head of this.#heads) {
      const payloadStart = start + head.bytes.byteLength
      if (end <= payloadStart || !holdsAt(view, start, head.bytes)) continue
      this.#toFront(head)
      if (bytes[end - 1] !== CLOSING) break
      const plain = head.read === undefined ? undefined : plainText(bytes, view, payloadStart, end)
      const value =
        plain === undefined
          ? notAsWritten
          : head.read?.(plain, plain.length - 1, asciiView(plain, view, payloadStart, end), payloadStart)
      if (value !== notAsWritten) return { schema: head.schema, value }
      return (
        this.#readPayload(head.schema, plain ?? bytes.toString('utf8', payloadStart, end)) ??
        this.#readAny(bytes, start, end)
      )
    }
    return this.#readAny(bytes, start, end)
  }

  /** `text` is the payload with the closing brace. Returns undefined unless there is exactly one JSON value. */
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

  /** `payload` returns the payload with its numbers as doubles or with all their digits. */
  #decode(
    schema: Schema | null,
    payload: (decimals: JsonParseOptions['decimals']) => unknown,
  ): SchemaAndValue {
    const decode = this.#decoders.of(schema)
    return { schema, value: withDigits(hasDecimal(schema), (decimals) => decode(payload(decimals))) }
  }

  /** `exact` returns the schema with all digits of its numbers, because its defaults may need them. */
  #schemaOf(node: unknown, exact: () => unknown): Schema | null {
    const key = printJson(node)
    const known = this.#schemas.get(key)
    if (known !== undefined) return known
    const schema = readSchema(exact(), this.#decoders)
    if (this.#schemas.size >= this.#cacheSize) this.#schemas.delete(this.#schemas.keys().next().value ?? '')
    this.#schemas.set(key, schema)
    return schema
  }

  /** Caches the prefix of a message in the form that converters write. Other messages are always parsed as a whole. */
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

/** Returns undefined if the text is not exactly one JSON value. */
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

/** Returns the index after the object or `null` that starts at `from`, or -1 if it does not end. */
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
