import { ByteSink } from '../columns/byte-sink.ts'

/** A value in Thrift's compact protocol. */
export interface Thrift {
  /** The type in headers of fields and lists. */
  readonly type: number
  readonly write: (out: ByteSink) => void
}

const STRUCT = 12

type Fields = Readonly<Record<number, Thrift | undefined>>

const zigzag = (value: number): number => (value < 0 ? -value * 2 - 1 : value * 2)

/** A boolean field. Its value is in the header. */
export const bool = (value: boolean): Thrift => ({ type: value ? 1 : 2, write: () => {} })

export const int8 = (value: number): Thrift => ({ type: 3, write: (out) => out.byte(value) })

export const int32 = (value: number): Thrift => ({ type: 5, write: (out) => out.varint(zigzag(value)) })

/** A 64-bit integer that is a safe one. */
export const int64 = (value: number): Thrift => ({ type: 6, write: (out) => out.varint(zigzag(value)) })

export function binary(value: string | Uint8Array): Thrift {
  const bytes = typeof value === 'string' ? Buffer.from(value) : value
  const write = (out: ByteSink) => {
    out.varint(bytes.length)
    out.bytes(bytes)
  }
  return { type: 8, write }
}

/** A list of values that have the same type, other than booleans. */
export function list(items: readonly Thrift[]): Thrift {
  const write = (out: ByteSink) => {
    writeListHeader(out, items.length, items[0]?.type ?? STRUCT)
    for (const item of items) item.write(out)
  }
  return { type: 9, write }
}

/** A list of structs that have been written one after the other, which takes a fraction of the memory of a {@link list}. */
export function writtenStructs(count: number, bytes: Uint8Array): Thrift {
  const write = (out: ByteSink) => {
    writeListHeader(out, count, STRUCT)
    out.bytes(bytes)
  }
  return { type: 9, write }
}

function writeListHeader(out: ByteSink, count: number, type: number): void {
  if (count < 15) out.byte(count * 16 + type)
  else {
    out.byte(0xf0 + type)
    out.varint(count)
  }
}

/** A struct with the fields that are not undefined. Their ids are written in ascending order. */
export function struct(fields: Fields): Thrift {
  const write = (out: ByteSink) => {
    let last = 0
    for (const [key, value] of Object.entries(fields)) {
      if (value === undefined) continue
      const id = Number(key)
      if (id - last > 15) {
        out.byte(value.type)
        out.varint(zigzag(id))
      } else out.byte((id - last) * 16 + value.type)
      value.write(out)
      last = id
    }
    out.byte(0)
  }
  return { type: STRUCT, write }
}

/** Encodes a value. */
export function thriftBytes(value: Thrift): Buffer {
  const out = new ByteSink()
  value.write(out)
  return out.view()
}
