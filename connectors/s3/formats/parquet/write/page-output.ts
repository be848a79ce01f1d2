import type { Output } from '../../../ports.ts'
import { ByteSink } from '../columns/byte-sink.ts'
import type { Thrift } from './thrift.ts'

/** Pages are passed to the output in pieces of at least this size, because each piece costs memory of its own. */
const PIECE_BYTES = 64 * 1024

/** Used by one row group at a time. */
const piece = new ByteSink()

/** Passes the pages of a row group to the output. */
export class PageOutput {
  readonly #output: Output
  #position: number

  /** `position` is that of the first page in the file. */
  constructor(position: number, output: Output) {
    this.#position = position
    this.#output = output
    piece.clear()
  }

  /** Position of the next page. */
  get position(): number {
    return this.#position + piece.size
  }

  /** Adds a page and returns its position. */
  add(header: Thrift, bytes: Buffer): number {
    const { position } = this
    header.write(piece)
    if (piece.size + bytes.length < PIECE_BYTES) piece.bytes(bytes)
    else this.#emit(Buffer.concat([piece.view(), bytes]))
    return position
  }

  /** Passes on what is left. Called once, and before another row group is begun. */
  flush(): void {
    if (piece.size > 0) this.#emit(piece.copy())
  }

  #emit(bytes: Buffer): void {
    piece.clear()
    this.#position += bytes.length
    this.#output(bytes)
  }
}
