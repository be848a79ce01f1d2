/** Reads Kafka's classic (not compact) types from a response, big-endian, in order. */
export class WireReader {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  int8(): number {
    return this.#bytes.readInt8(this.#skip(1))
  }
  int16(): number {
    return this.#bytes.readInt16BE(this.#skip(2))
  }
  int32(): number {
    return this.#bytes.readInt32BE(this.#skip(4))
  }
  /** Reads an offset or timestamp, which stay below 2^53 in Kafka. */
  int64(): number {
    return Number(this.#bytes.readBigInt64BE(this.#skip(8)))
  }
  bigInt64(): bigint {
    return this.#bytes.readBigInt64BE(this.#skip(8))
  }
  boolean(): boolean {
    return this.int8() !== 0
  }
  string(): string {
    return this.nullableString() ?? ''
  }
  nullableString(): string | null {
    const length = this.int16()
    if (length < 0) return null
    const start = this.#skip(length)
    return this.#bytes.toString('utf8', start, start + length)
  }
  /** Returns a view of the response, not a copy; null for length -1. */
  bytes(): Buffer | null {
    const length = this.int32()
    if (length < 0) return null
    const start = this.#skip(length)
    return this.#bytes.subarray(start, start + length)
  }
  array<T>(item: (reader: this) => T): T[] {
    const items: T[] = []
    for (let left = this.int32(); left > 0; left--) items.push(item(this))
    return items
  }
  get atEnd(): boolean {
    return this.#at >= this.#bytes.length
  }

  #skip(length: number): number {
    const start = this.#at
    this.#at += length
    if (this.#at > this.#bytes.length)
      throw new RangeError(`message ends ${this.#at - this.#bytes.length} bytes early`)
    return start
  }
}

/** Writes Kafka's classic (not compact) types. The buffer grows as needed. */
export class WireWriter {
  #bytes: Buffer
  #at = 0

  constructor(capacity = 256) {
    this.#bytes = Buffer.allocUnsafe(capacity)
  }

  int8(value: number): this {
    this.#at = this.#reserve(1).writeInt8(value, this.#at)
    return this
  }
  int16(value: number): this {
    this.#at = this.#reserve(2).writeInt16BE(value, this.#at)
    return this
  }
  int32(value: number): this {
    this.#at = this.#reserve(4).writeInt32BE(value, this.#at)
    return this
  }
  int64(value: number | bigint): this {
    this.#at = this.#reserve(8).writeBigInt64BE(BigInt(value), this.#at)
    return this
  }
  boolean(value: boolean): this {
    return this.int8(value ? 1 : 0)
  }
  string(value: string | null): this {
    if (value === null) return this.int16(-1)
    const length = Buffer.byteLength(value)
    this.int16(length)
    this.#at += this.#reserve(length).write(value, this.#at, 'utf8')
    return this
  }
  bytes(value: Buffer | null): this {
    if (value === null) return this.int32(-1)
    return this.int32(value.length).raw(value)
  }
  raw(value: Buffer): this {
    this.#at += value.copy(this.#reserve(value.length), this.#at)
    return this
  }
  /** Null is written as length -1. */
  array<T>(items: readonly T[] | null, item: (writer: this, value: T) => unknown): this {
    if (items === null) return this.int32(-1)
    this.int32(items.length)
    for (const value of items) item(this, value)
    return this
  }
  finish(): Buffer {
    return this.#bytes.subarray(0, this.#at)
  }

  #reserve(length: number): Buffer {
    if (this.#at + length > this.#bytes.length) {
      const grown = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#at + length))
      this.#bytes.copy(grown, 0, 0, this.#at)
      this.#bytes = grown
    }
    return this.#bytes
  }
}
