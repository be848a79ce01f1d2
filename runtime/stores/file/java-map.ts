import { ConnectError } from '../../../api/index.ts'

/*
 * Java's serialisation of one HashMap<byte[], byte[]>, the format of the offset file of a standalone Java worker.
 * Source: Java Object Serialization Specification 6.4; FileOffsetBackingStore.
 */

const STREAM_HEADER = 0xaced0005
const TC_NULL = 0x70
const TC_REFERENCE = 0x71
const TC_CLASSDESC = 0x72
const TC_OBJECT = 0x73
const TC_ARRAY = 0x75
const TC_BLOCKDATA = 0x77
const TC_ENDBLOCKDATA = 0x78

/** Handles count up from here: one per class description, object and array, in stream order. */
const FIRST_HANDLE = 0x7e0000
const BYTE_ARRAY_CLASS_HANDLE = FIRST_HANDLE + 2

const LOAD_FACTOR = 0.75

export type ByteMap = readonly (readonly [key: Buffer | null, value: Buffer | null])[]

/** Writes a map as `ObjectOutputStream.writeObject` would. */
export function writeJavaMap(entries: ByteMap): Buffer {
  const capacity = Math.max(16, 2 ** Math.ceil(Math.log2(Math.max(1, entries.length) / LOAD_FACTOR)))
  const parts: Buffer[] = [
    bytes(STREAM_HEADER, 4),
    bytes(TC_OBJECT, 1),
    hashMapClass(),
    floatBytes(LOAD_FACTOR),
    bytes(capacity * LOAD_FACTOR, 4),
    Buffer.from([TC_BLOCKDATA, 8]),
    bytes(capacity, 4),
    bytes(entries.length, 4),
  ]
  let described = false
  for (const field of entries.flat()) {
    if (field === null) {
      parts.push(bytes(TC_NULL, 1))
      continue
    }
    const description = described
      ? [bytes(TC_REFERENCE, 1), bytes(BYTE_ARRAY_CLASS_HANDLE, 4)]
      : [byteArrayClass()]
    parts.push(bytes(TC_ARRAY, 1), ...description, bytes(field.length, 4), field)
    described = true
  }
  parts.push(bytes(TC_ENDBLOCKDATA, 1))
  return Buffer.concat(parts)
}

function hashMapClass(): Buffer {
  const fields = [Buffer.from('F'), utf('loadFactor'), Buffer.from('I'), utf('threshold')]
  return classDescription('java.util.HashMap', '0507dac1c31660d1', 0x03, 2, fields)
}

function byteArrayClass(): Buffer {
  return classDescription('[B', 'acf317f8060854e0', 0x02, 0, [])
}

function classDescription(
  name: string,
  version: string,
  flags: number,
  fieldCount: number,
  fields: Buffer[],
): Buffer {
  const head = [
    bytes(TC_CLASSDESC, 1),
    utf(name),
    Buffer.from(version, 'hex'),
    bytes(flags, 1),
    bytes(fieldCount, 2),
  ]
  return Buffer.concat([...head, ...fields, Buffer.from([TC_ENDBLOCKDATA, TC_NULL])])
}

function bytes(value: number, size: 1 | 2 | 4): Buffer {
  const buffer = Buffer.alloc(size)
  buffer.writeUIntBE(value, 0, size)
  return buffer
}

function floatBytes(value: number): Buffer {
  const buffer = Buffer.alloc(4)
  buffer.writeFloatBE(value)
  return buffer
}

function utf(text: string): Buffer {
  return Buffer.concat([bytes(Buffer.byteLength(text), 2), Buffer.from(text)])
}

/**
 * Reads a map written by Java or by {@link writeJavaMap}.
 *
 * Throws `HR_DATA_INVALID` for any other content. Never loads classes other than those of the map.
 */
export function readJavaMap(stream: Buffer): [Buffer | null, Buffer | null][] {
  try {
    return new JavaMapReader(stream).read()
  } catch (cause) {
    if (cause instanceof ConnectError) throw cause
    throw new ConnectError('HR_DATA_INVALID', 'The file ends within a serialized map', { cause })
  }
}

class JavaMapReader {
  readonly #stream: Buffer
  readonly #handles: unknown[] = []
  #at = 0

  constructor(stream: Buffer) {
    this.#stream = stream
  }

  read(): [Buffer | null, Buffer | null][] {
    if (this.#uint(4) !== STREAM_HEADER) throw invalid('it does not start as a Java object stream')
    this.#expect(TC_OBJECT)
    if (this.#classDescription() !== 'java.util.HashMap')
      throw invalid('it does not contain a java.util.HashMap')
    this.#handles.push('map')
    this.#at += 8 // load factor and threshold
    this.#expect(TC_BLOCKDATA)
    this.#at += 5 // block length and capacity
    const size = this.#uint(4)
    const entries: [Buffer | null, Buffer | null][] = []
    for (let index = 0; index < size; index++) entries.push([this.#byteArray(), this.#byteArray()])
    return entries
  }

  /** Reads a class description and returns the name of the class; skips its fields. */
  #classDescription(): string {
    const kind = this.#uint(1)
    if (kind === TC_REFERENCE) return String(this.#handles[this.#uint(4) - FIRST_HANDLE])
    if (kind !== TC_CLASSDESC) throw invalid(`expected a class description at byte ${this.#at - 1}`)
    const name = this.#utf()
    this.#handles.push(name)
    this.#at += 9 // serial version and flags
    for (let fields = this.#uint(2); fields > 0; fields--) {
      const type = String.fromCharCode(this.#uint(1))
      this.#utf()
      if (!'BCDFIJSZ'.includes(type)) throw invalid(`the class ${name} has fields that are not numbers`)
    }
    this.#expect(TC_ENDBLOCKDATA)
    this.#expect(TC_NULL)
    return name
  }

  #byteArray(): Buffer | null {
    const kind = this.#uint(1)
    if (kind === TC_NULL) return null
    if (kind === TC_REFERENCE) {
      const known = this.#handles[this.#uint(4) - FIRST_HANDLE]
      if (known instanceof Buffer) return known
      throw invalid('it refers to a value that is not a byte array')
    }
    if (kind !== TC_ARRAY || this.#classDescription() !== '[B')
      throw invalid('it contains a value that is not a byte array')
    const length = this.#uint(4)
    if (this.#at + length > this.#stream.length) throw invalid('it ends within a byte array')
    const array = Buffer.from(this.#stream.subarray(this.#at, this.#at + length))
    this.#at += length
    this.#handles.push(array)
    return array
  }

  #expect(kind: number): void {
    if (this.#uint(1) !== kind) throw invalid(`unexpected content at byte ${this.#at - 1}`)
  }

  #utf(): string {
    const length = this.#uint(2)
    this.#at += length
    return this.#stream.toString('utf8', this.#at - length, this.#at)
  }

  #uint(size: 1 | 2 | 4): number {
    this.#at += size
    return this.#stream.readUIntBE(this.#at - size, size)
  }
}

function invalid(what: string): ConnectError {
  return new ConnectError('HR_DATA_INVALID', `Not a serialized HashMap of byte arrays: ${what}`)
}
