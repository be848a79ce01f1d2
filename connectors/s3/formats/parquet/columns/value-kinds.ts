import type { PrimitiveType } from '../schema/parquet-type.ts'
import type { ByteSink } from './byte-sink.ts'
import type { ValueKind } from './column-values.ts'
import { ownText } from './own-text.ts'
import { floats, ordered, texts, unordered, unsignedBytes } from './statistics.ts'

/** How a value of a column is represented before it is written. Texts are strings, other bytes are arrays. */
export type Physical = boolean | number | bigint | string | Uint8Array

type Whole = number | bigint

const writeInt32 = (out: ByteSink, value: number) => out.int32(value)
const writeInt64 = (out: ByteSink, value: Whole) => out.int64(value)
const writeFloat = (out: ByteSink, value: number) => out.float(value)
const writeDouble = (out: ByteSink, value: number) => out.double(value)
const writeBoolean = (out: ByteSink, value: boolean) => out.byte(value ? 1 : 0)
const writeFixed = (out: ByteSink, value: Uint8Array) => out.bytes(value)

function writeBytes(out: ByteSink, value: Uint8Array): void {
  out.int32(value.length)
  out.bytes(value)
}

const itself = (value: unknown): unknown => value
/** A map does not distinguish the two zeros. */
const floatKey = (value: number): unknown => (Object.is(value, -0) ? '-0' : value)

const bytesKey = (value: Uint8Array): unknown =>
  Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('latin1')

/** Packs eight booleans into a byte. */
function packBits(out: ByteSink, values: Buffer): void {
  for (let start = 0; start < values.length; start += 8) {
    let byte = 0
    for (let at = start; at < Math.min(start + 8, values.length); at++) {
      byte |= (values[at] as number) << (at - start)
    }
    out.byte(byte)
  }
}

const kinds: Readonly<Record<string, ValueKind<never>>> = {
  BOOLEAN: {
    write: writeBoolean,
    keyOf: null,
    statistics: () => ordered<boolean>(writeBoolean),
    pack: packBits,
  },
  INT32: { write: writeInt32, keyOf: itself, statistics: () => ordered<number>(writeInt32) },
  INT64: { write: writeInt64, keyOf: itself, statistics: () => ordered<Whole>(writeInt64) },
  FLOAT: { write: writeFloat, keyOf: floatKey, statistics: () => floats(writeFloat) },
  DOUBLE: { write: writeDouble, keyOf: floatKey, statistics: () => floats(writeDouble) },
  BYTE_ARRAY: { write: writeBytes, keyOf: bytesKey, statistics: unsignedBytes },
  FIXED_LEN_BYTE_ARRAY: { write: writeFixed, keyOf: bytesKey, statistics: unsignedBytes },
}

const text: ValueKind<string> = {
  write: (out, value) => out.text(value),
  keyOf: itself,
  ownKey: (key) => ownText(key as string),
  statistics: texts,
}

/** Returns how the values of a column are written. Values of STRING and ENUM are strings. */
export function valueKindOf({ physical, annotation }: PrimitiveType): ValueKind<Physical> {
  const isText = annotation?.kind === 'STRING' || annotation?.kind === 'ENUM'
  const kind = (isText ? text : kinds[physical]) as ValueKind<Physical>
  // Decimals in bytes are ordered by value, which readers implement differently.
  return annotation?.kind === 'DECIMAL' ? { ...kind, statistics: unordered } : kind
}
