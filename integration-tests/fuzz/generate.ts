/** Generates invalid inputs of many kinds, as they occur in practice; the same ones for the same seed. */
export class InputGenerator {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  /** Returns an integer from 0 to `limit`, exclusive. Source: Mulberry32. */
  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit)
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)] as T
  }

  bytes(most: number): Buffer {
    return Buffer.from(Array.from({ length: this.below(most + 1) }, () => this.below(256)))
  }

  text(): string {
    const parts = Array.from({ length: 1 + this.below(3) }, () => this.pick(TEXTS))
    return this.below(4) === 0 ? this.bytes(12).toString('latin1') : parts.join('')
  }

  /** Returns a JSON text that is usually well-formed, but need not be meaningful. */
  json(depth = 0): string {
    if (depth > 4 || this.below(3) === 0) return this.#jsonLeaf()
    const parts = Array.from({ length: this.below(4) }, () => this.json(depth + 1))
    if (this.below(2) === 0) return `[${parts.join()}]`
    return `{${parts.map((part) => `${JSON.stringify(this.pick(KEYS))}:${part}`).join()}}`
  }

  #jsonLeaf(): string {
    return this.below(3) === 0 ? JSON.stringify(this.text()) : this.pick(JSON_LEAVES)
  }

  /** Returns a JsonConverter schema of known parts, possibly in invalid places. */
  jsonSchema(depth = 0): string {
    const type = this.pick(depth > 3 ? SCALARS : [...SCALARS, 'array', 'map', 'struct', 'nope', ''])
    const parts = [
      `"type":${JSON.stringify(type)}`,
      `"optional":${this.pick(['true', 'false', '1', 'null'])}`,
    ]
    if (type === 'array' || this.below(9) === 0) parts.push(`"items":${this.jsonSchema(depth + 1)}`)
    if (type === 'map')
      parts.push(`"keys":${this.jsonSchema(depth + 1)}`, `"values":${this.jsonSchema(depth + 1)}`)
    if (type === 'struct') {
      const fields = Array.from({ length: this.below(4) }, () => {
        return `${this.jsonSchema(depth + 1).slice(0, -1)},"field":${JSON.stringify(this.pick(KEYS))}}`
      })
      parts.push(`"fields":[${fields.join()}]`)
    }
    if (this.below(3) === 0) parts.push(`"name":${JSON.stringify(this.pick(NAMES))}`)
    if (this.below(4) === 0)
      parts.push(`"parameters":{"scale":${this.pick(['"2"', '"x"', '"-5"', '3', '"999999999999"'])}}`)
    if (this.below(5) === 0) parts.push(`"default":${this.json(3)}`)
    if (this.below(8) === 0) parts.push(`"version":${this.#jsonLeaf()}`)
    return `{${parts.join()}}`
  }

  /** Returns the text with parts changed, truncated or duplicated. */
  broken(text: string): string {
    const at = this.below(text.length + 1)
    switch (this.below(5)) {
      case 0:
        return text.slice(0, at)
      case 1:
        return text.slice(0, at) + this.pick(TEXTS) + text.slice(at)
      case 2:
        return text.slice(0, at) + text.slice(at + 1 + this.below(3))
      case 3:
        return text + text.slice(at)
      default:
        return text
    }
  }

  /** Returns any JavaScript value, including the value types of Connect. */
  value(kinds: readonly (() => unknown)[], depth = 0): unknown {
    if (depth > 3 || this.below(3) > 0) return this.pick(kinds)()
    const items = Array.from({ length: this.below(4) }, () => this.value(kinds, depth + 1))
    switch (this.below(3)) {
      case 0:
        return items
      case 1:
        return new Map(items.map((item, index) => [index % 2 === 0 ? this.pick(KEYS) : item, item]))
      default:
        return Object.fromEntries(items.map((item) => [this.pick(KEYS), item]))
    }
  }
}

const DEEP = 3000

export const KEYS = [
  'a',
  'b',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  '',
  '1',
  'schema',
  'payload',
  'ü',
]

const NAMES = ['Decimal', 'Date', 'Time', 'Timestamp']
  .map((name) => `org.apache.kafka.connect.data.${name}`)
  .concat('own.Name', '__proto__')

const SCALARS = ['int8', 'int16', 'int32', 'int64', 'float', 'double', 'boolean', 'string', 'bytes']

const TEXTS = [
  'x',
  '0',
  '-',
  '1e999999999',
  '9'.repeat(400),
  '\ud800',
  '\udc00a',
  '\u0000',
  '\\',
  '\\u12',
  '"',
  '{',
  '[',
  ':',
  ',',
  '}',
  ']',
  '=',
  '\n',
  '#',
  '!',
  '2020-02-30',
  '12:34:56.789Z',
  '١٢',
  '${env:X}',
  '😀',
  'true',
  'null',
  'NaN',
  '['.repeat(DEEP),
  '{"a":'.repeat(DEEP),
  '{a:'.repeat(DEEP),
]

const JSON_LEAVES = [
  'null',
  'true',
  'false',
  '0',
  '-0',
  '-0.0',
  '1.0',
  '1e400',
  '1e-400',
  '123456789012345678901234567890',
  '9223372036854775808',
  '1E2147483647',
  '0.1e-2147483648',
  '007',
  '""',
  '"AQID"',
  '"\\ud800"',
  '"__proto__"',
  '{}',
  '[]',
]
