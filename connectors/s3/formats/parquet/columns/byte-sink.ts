/** Bytes that grow. */
export class ByteSink {
  #bytes: Buffer
  /** Faster than the methods of Buffer. */
  #view: DataView
  #size = 0

  constructor(capacity = 64) {
    this.#bytes = Buffer.allocUnsafeSlow(capacity)
    this.#view = new DataView(this.#bytes.buffer)
  }

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
    this.#view.setInt32(this.#size, value, true)
    this.#size += 4
  }

  int64(value: number | bigint): void {
    this.#reserve(8)
    if (typeof value === 'bigint') this.#view.setBigInt64(this.#size, value, true)
    else {
      this.#view.setInt32(this.#size, value, true)
      this.#view.setInt32(this.#size + 4, Math.floor(value / 0x1_0000_0000), true)
    }
    this.#size += 8
  }

  float(value: number): void {
    this.#reserve(4)
    this.#view.setFloat32(this.#size, value, true)
    this.#size += 4
  }

  double(value: number): void {
    this.#reserve(8)
    this.#view.setFloat64(this.#size, value, true)
    this.#size += 8
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
    this.#view.setInt32(this.#size, size, true)
    this.#size = start + size
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

  clear(): void {
    this.#size = 0
  }

  /** Gives the memory back. */
  free(): void {
    this.#size = 0
    this.#bytes = Buffer.allocUnsafeSlow(0)
    this.#view = new DataView(this.#bytes.buffer)
  }

  #reserve(more: number): void {
    const needed = this.#size + more
    if (needed <= this.#bytes.length) return
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.#bytes.length * 2))
    this.#bytes.copy(grown, 0, 0, this.#size)
    this.#bytes = grown
    this.#view = new DataView(grown.buffer)
  }
}
