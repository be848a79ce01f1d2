import type { ObjectSource } from '../../../ports.ts'
import { corrupt } from './corrupt.ts'

/** The bytes of a column, requested in pieces. */
export class ChunkBytes {
  readonly #object: ObjectSource
  readonly #end: number
  readonly #pieceBytes: number
  readonly #signal: AbortSignal
  /** Bytes from the position on. */
  #held: Buffer = Buffer.alloc(0)
  #position: number

  /** `held` are the bytes from `start`, if they have been requested already. */
  constructor(
    object: ObjectSource,
    { start, end }: { readonly start: number; readonly end: number },
    pieceBytes: number,
    signal: AbortSignal,
  ) {
    this.#object = object
    this.#position = start
    this.#end = end
    this.#pieceBytes = pieceBytes
    this.#signal = signal
  }

  get left(): number {
    return this.#end - this.#position
  }

  /** Adds bytes that have been requested in another way. */
  supply(bytes: Buffer): void {
    this.#held = bytes
  }

  /** Resolves to at least `size` bytes from the position on, or to all that are left. */
  async peek(size: number): Promise<Buffer> {
    const wanted = Math.min(size, this.left)
    if (this.#held.length < wanted) {
      const from = this.#position + this.#held.length
      const to = Math.min(this.#end, Math.max(from + this.#pieceBytes, this.#position + wanted))
      const more = await this.#object.range(from, to, this.#signal)
      if (more.length !== to - from) throw corrupt(`${more.length} bytes instead of ${to - from} at ${from}`)
      this.#held = this.#held.length === 0 ? more : Buffer.concat([this.#held, more])
    }
    return this.#held
  }

  /** Resolves to the next bytes, and moves the position behind them. */
  async take(size: number): Promise<Buffer> {
    if (size < 0 || size > this.left) throw corrupt('a page is longer than its column')
    const bytes = (await this.peek(size)).subarray(0, size)
    this.skip(size)
    return bytes
  }

  /** Moves the position within the bytes that `peek` returned. */
  skip(size: number): void {
    this.#held = this.#held.subarray(size)
    this.#position += size
  }
}
