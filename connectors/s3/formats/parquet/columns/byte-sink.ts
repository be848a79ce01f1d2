/** The engine keeps arrays up to this size in its heap, where they cost a fraction of a buffer outside. */
const FIRST_BYTES = 64
const EMPTY = Buffer.alloc(0)

/** Numbers are written here first: a view of each sink would cost more memory than many sinks hold. */
const numberView = new DataView(new ArrayBuffer(8))

/** Bytes that grow. An empty sink has no memory. */
export class ByteSink {
  #bytes: Buffer = EMPTY
  #size = 0

  get size(): number {
    return this.#size
  }

  /** Memory in bytes. */
  get capacity(): number {
    return this.#bytes.length
  }

  byte(value: number): void {
    this.#reserve(1)
    this.#bytes[this.#size++] = value
  }

  int32(value: number): void {
    this.#reserve(4)
    this.#putInt32(this.#size, value)
    this.#size += 4
  }

  int64(value: number | bigint): void {
    this.#reserve(8)
    if (typeof value === 'bigint') {
      numberView.setBigInt64(0, value, true)
      this.#putNumber()
    } else {
      this.#putInt32(this.#size, value)
      this.#putInt32(this.#size + 4, Math.floor(value / 0x1_0000_0000))
      this.#size += 8
    }
  }

  float(value: number): void {
    this.#reserve(4)
    numberView.setFloat32(0, value, true)
    this.#putInt32(this.#size, numberView.getInt32(0, true))
    this.#size += 4
  }

  double(value: number): void {
    this.#reserve(8)
    numberView.setFloat64(0, value, true)
    this.#putNumber()
  }

  bytes(value: Uint8Array): void {
    this.#reserve(value.length)
    this.#bytes.set(value, this.#size)
    this.#size += value.length
  }

  /** Adds the bytes of a text in UTF-8 with their length in front. */
  text(value: string): void {
    this.#reserve(4 + value.length * 3)
    const start = this.#size + 4
    const size = this.#shortAscii(value, start) ? value.length : this.#bytes.write(value, start, 'utf8')
    this.#putInt32(this.#size, size)
    this.#size = start + size
  }

  /** Adds what `write` adds, with its size in front. */
  sized(write: () => void): void {
    this.int32(0)
    const start = this.#size
    write()
    this.#putInt32(start - 4, this.#size - start)
  }

  /** Writes a short ASCII text, for which a call into native code takes longer. Returns false for other texts. */
  #shortAscii(value: string, start: number): boolean {
    if (value.length > 24) return false
    for (let at = 0; at < value.length; at++) {
      const code = value.charCodeAt(at)
      if (code > 127) return false
      this.#bytes[start + at] = code
    }
    return true
  }

  /** Adds a whole number in groups of seven bits, least significant first. */
  varint(value: number): void {
    let rest = value
    while (rest > 127) {
      this.byte((rest % 128) + 128)
      rest = Math.floor(rest / 128)
    }
    this.byte(rest)
  }

  /** Returns the bytes. They are overwritten when more are added after {@link clear}. */
  view(): Buffer {
    return this.#bytes.subarray(0, this.#size)
  }

  /** Returns a copy of the bytes, which has no more memory than it needs. */
  copy(): Buffer {
    return copyOf(this.view())
  }

  clear(): void {
    this.#size = 0
  }

  /** Gives the memory back. */
  free(): void {
    this.#size = 0
    this.#bytes = EMPTY
  }

  #putInt32(at: number, value: number): void {
    const bytes = this.#bytes
    bytes[at] = value
    bytes[at + 1] = value >>> 8
    bytes[at + 2] = value >>> 16
    bytes[at + 3] = value >>> 24
  }

  /** Adds the eight bytes of {@link numberView}. */
  #putNumber(): void {
    this.#putInt32(this.#size, numberView.getInt32(0, true))
    this.#putInt32(this.#size + 4, numberView.getInt32(4, true))
    this.#size += 8
  }

  #reserve(more: number): void {
    const needed = this.#size + more
    if (needed <= this.#bytes.length) return
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.#bytes.length * 2, FIRST_BYTES))
    grown.set(this.#bytes.subarray(0, this.#size))
    this.#bytes = grown
  }
}

/** Copies bytes to a buffer of their own: one from a pool or from native code may keep much more memory. */
export function copyOf(bytes: Uint8Array): Buffer {
  const copy = Buffer.allocUnsafeSlow(bytes.length)
  copy.set(bytes)
  return copy
}
