import { createHash, getHashes, type Hash } from 'node:crypto'

import { ConnectError } from '../../../api/index.ts'
import type { BaseReader } from './base-reader.ts'
import type { MaskRule } from './settings.ts'

type HashRule = Extract<MaskRule, { kind: 'hash' }>

/** What a mask does to one column. */
export interface ColumnMask {
  /** Parameters of the field's schema, also if the values stay as they are. */
  readonly parameters: Readonly<Record<string, string>>
  /**
   * Replaces a value that was read, null, or the placeholder of an unchanged TOASTed value. Undefined if the values stay
   * as they are. Not for the value that fills a required field of a key-only row.
   */
  readonly apply: ((value: unknown) => unknown) | undefined
}

/**
 * Returns what a rule does to a column whose values `reader` reads. `length` is the column's length as Debezium sees it,
 * which cuts hashes and decides whether a value can be too long; undefined if the type has none.
 *
 * Masks and hashes change text types, and truncation all strings and `bytea`. Throws `HR_CONFIG_INVALID` for an unknown
 * digest. Source: MaskStrings, TruncateColumn.
 */
export function columnMask(
  rule: MaskRule,
  { schema, maskable = false }: Pick<BaseReader, 'schema' | 'maskable'>,
  length: number | undefined,
): ColumnMask {
  switch (rule.kind) {
    case 'mask': {
      const mask = '*'.repeat(rule.length)
      return { parameters: { masked: 'true' }, apply: maskable ? () => mask : undefined }
    }
    case 'hash':
      return { parameters: { masked: 'true' }, apply: maskable ? hashed(rule, length ?? 0) : undefined }
    case 'truncate': {
      if (length !== undefined && length >= 0 && length <= rule.length) {
        return { parameters: {}, apply: undefined }
      }
      const canCut = schema.type === 'string' || (schema.type === 'bytes' && (schema.name ?? null) === null)
      return {
        parameters: { truncateLength: String(rule.length) },
        apply: canCut ? cutTo(rule.length) : undefined,
      }
    }
  }
}

function cutTo(length: number): (value: unknown) => unknown {
  return (value) => {
    if (typeof value === 'string') return value.length > length ? value.slice(0, length) : value
    return value instanceof Uint8Array && value.length > length ? value.subarray(0, length) : value
  }
}

/** Returns the function that replaces a text with the hexadecimal digest of the salt and the text. */
function hashed(rule: HashRule, length: number): (value: unknown) => unknown {
  const salted = newHash(rule.algorithm).update(rule.salt, 'utf8')
  const bytesOf = rule.version === 1 ? serializedString : (text: string) => Buffer.from(text, 'utf8')
  return (value) => {
    if (typeof value !== 'string') return null
    const digest = salted.copy().update(bytesOf(value)).digest('hex')
    return length > 0 ? digest.slice(0, length) : digest
  }
}

function newHash(algorithm: string): Hash {
  const name = digestName(algorithm)
  if (name !== undefined) return createHash(name)
  throw new ConnectError('HR_CONFIG_INVALID', `column.mask.hash: ${hashAlgorithmFault(algorithm)}`)
}

/** Java's names of digests. Java compares them without case. */
const digests: ReadonlyMap<string, string> = new Map([
  ['md5', 'md5'],
  ['sha', 'sha1'],
  ['sha1', 'sha1'],
  ['sha-1', 'sha1'],
  ['sha-224', 'sha224'],
  ['sha-256', 'sha256'],
  ['sha-384', 'sha384'],
  ['sha-512', 'sha512'],
  ['sha-512/224', 'sha512-224'],
  ['sha-512/256', 'sha512-256'],
  ['sha3-224', 'sha3-224'],
  ['sha3-256', 'sha3-256'],
  ['sha3-384', 'sha3-384'],
  ['sha3-512', 'sha3-512'],
])

/** OpenSSL's name, or undefined for a digest that is unknown or that this OpenSSL does not offer. */
function digestName(algorithm: string): string | undefined {
  const name = digests.get(algorithm.toLowerCase())
  return name !== undefined && getHashes().includes(name) ? name : undefined
}

/**
 * Returns what is wrong with the digest of a setting `column.mask.hash.<algorithm>.with.salt.<salt>`, or undefined. The
 * message does not contain the salt.
 */
export function hashAlgorithmFault(algorithm: string): string | undefined {
  if (digestName(algorithm) !== undefined) return undefined
  return `Unknown hash algorithm '${algorithm}'. Use SHA-256 or another of MD5, SHA-1, SHA-224, SHA-384, SHA-512, SHA-512/224, SHA-512/256, SHA3-224, SHA3-256, SHA3-384 and SHA3-512.`
}

const STREAM_MAGIC = 0xac_ed
const STREAM_VERSION = 5
const SHORT_STRING = 0x74
const LONG_STRING = 0x7c
const MAX_SHORT_LENGTH = 0xff_ff

/** Returns a string as Java's ObjectOutputStream writes it. */
function serializedString(text: string): Buffer {
  const content = modifiedUtf8(text)
  const isLong = content.length > MAX_SHORT_LENGTH
  const header = Buffer.alloc(isLong ? 13 : 7)
  header.writeUInt16BE(STREAM_MAGIC, 0)
  header.writeUInt16BE(STREAM_VERSION, 2)
  header.writeUInt8(isLong ? LONG_STRING : SHORT_STRING, 4)
  if (isLong) header.writeBigUInt64BE(BigInt(content.length), 5)
  else header.writeUInt16BE(content.length, 5)
  return Buffer.concat([header, content])
}

/** Like UTF-8, but each half of a surrogate pair has its own three bytes. PostgreSQL has no U+0000. */
function modifiedUtf8(text: string): Buffer {
  if (!/[\ud800-\udfff]/.test(text)) return Buffer.from(text, 'utf8')
  const bytes: number[] = []
  for (let place = 0; place < text.length; place++) {
    const unit = text.charCodeAt(place)
    if (unit < 0x80) bytes.push(unit)
    else if (unit < 0x8_00) bytes.push(0xc0 | (unit >> 6), 0x80 | (unit & 0x3f))
    else bytes.push(0xe0 | (unit >> 12), 0x80 | ((unit >> 6) & 0x3f), 0x80 | (unit & 0x3f))
  }
  return Buffer.from(bytes)
}
