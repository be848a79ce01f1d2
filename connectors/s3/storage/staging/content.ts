import type { StagingBudget } from './budget.ts'
import type { Range } from './ranges.ts'
import type { TemporaryFile } from './temporary-file.ts'

/** Smaller pieces are copied together: a buffer costs memory of its own. */
const SMALL = 4096
const FIRST_TAIL = 1024
const LARGEST_TAIL = 64 * 1024

/** Bytes of an object, in memory or in the temporary file. */
interface Piece {
  /** Position in the object. */
  readonly start: number
  readonly length: number
  /** Null if the bytes are in the file. */
  readonly bytes: Buffer | null
  /** Memory that `bytes` occupies, or 0. */
  readonly held: number
  /** Position in the file. */
  readonly at: number
}

/** Bytes for a request. */
export interface Body {
  readonly bytes: Buffer
  /** Called once the request has ended. */
  end(): void
}

/** The bytes of an object that is not stored yet. */
export class Content {
  readonly #file: TemporaryFile
  readonly #budget: StagingBudget
  #pieces: Piece[] = []
  /** Small pieces that are being collected, with their number of bytes. */
  #tail: Buffer | undefined
  #tailLength = 0
  #nextTail = FIRST_TAIL
  #size = 0
  #memory = 0
  /** Position up to which bytes have been read for a request: they stay where they are. */
  #claimed = 0
  #moving = false
  #cleared = false

  constructor(file: TemporaryFile, budget: StagingBudget) {
    this.#file = file
    this.#budget = budget
  }

  get size(): number {
    return this.#size
  }

  /** Memory that {@link spill} can free. */
  get spillable(): number {
    if (this.#moving) return 0
    return this.#claimed === 0 ? this.#memory : this.#unclaimed().reduce((sum, piece) => sum + piece.held, 0)
  }

  append(bytes: Buffer): void {
    if (this.#cleared) return
    if (bytes.length >= SMALL) {
      this.#sealTail()
      this.#push(bytes, bytes.length)
      this.#hold(bytes.length)
      return
    }
    for (let at = 0; at < bytes.length;) {
      if (this.#tail === undefined) this.#openTail()
      const tail = this.#tail as unknown as Buffer
      const copied = bytes.copy(tail, this.#tailLength, at)
      at += copied
      this.#tailLength += copied
      this.#size += copied
      if (this.#tailLength === tail.length) this.#sealTail()
    }
  }

  /**
   * Resolves to the bytes from `start` to before `end`. They are copied at most once, and stay in memory afterwards only if
   * they were there before.
   */
  async read(start: number, end: number): Promise<Body> {
    this.#sealTail()
    this.#claimed = Math.max(this.#claimed, end)
    const pieces = this.#pieces.filter((piece) => piece.start < end && piece.start + piece.length > start)
    if (pieces.every(({ bytes }) => bytes !== null))
      return { bytes: this.#joined(pieces, start, end), end() {} }
    const target = Buffer.allocUnsafeSlow(end - start)
    this.#budget.send(target.length)
    const ended = (): void => this.#budget.send(-target.length)
    try {
      await this.#fill(target, start, pieces)
    } catch (error) {
      ended()
      throw error
    }
    return { bytes: target, end: ended }
  }

  /** Called when no request needs the bytes that were read any more. */
  unclaim(): void {
    this.#claimed = 0
  }

  /** Moves the bytes in memory to the file. Rejects like {@link TemporaryFile.write}; they stay in memory then. */
  async spill(): Promise<void> {
    this.#sealTail()
    const moved = this.#unclaimed()
    const first = moved[0]
    if (first === undefined || this.#moving) return
    const buffers = moved.map(({ bytes }) => bytes as Buffer)
    const length = moved.reduce((sum, piece) => sum + piece.length, 0)
    this.#moving = true
    try {
      const ranges = await this.#file.write(buffers, length)
      if (this.#cleared) this.#freeAll(ranges)
      else this.#replace(first.start, first.start + length, inFile(ranges, first.start))
    } finally {
      this.#moving = false
    }
  }

  /** Forgets the bytes before a position, because they have been uploaded. */
  drop(end: number): void {
    for (const piece of this.#pieces) if (piece.start + piece.length <= end) this.#release(piece)
    this.#pieces = this.#pieces.filter((piece) => piece.start + piece.length > end)
  }

  /** Forgets everything. */
  clear(): void {
    if (this.#cleared) return
    this.#cleared = true
    if (this.#tail !== undefined) this.#hold(-this.#tail.length)
    this.#tail = undefined
    for (const piece of this.#pieces) this.#release(piece)
    this.#pieces = []
  }

  async #fill(target: Buffer, start: number, pieces: readonly Piece[]): Promise<void> {
    const end = start + target.length
    for (const piece of pieces) {
      const from = Math.max(piece.start, start)
      const slot = target.subarray(from - start, Math.min(piece.start + piece.length, end) - start)
      if (piece.bytes === null) await this.#file.read(slot, piece.at + from - piece.start)
      else piece.bytes.copy(slot, 0, from - piece.start)
    }
    // its place in the file may have been given to another object
    if (this.#cleared) throw new Error('the object has been discarded')
  }

  #joined(pieces: readonly Piece[], start: number, end: number): Buffer {
    const slices = pieces.map(({ bytes, start: from }) =>
      (bytes as Buffer).subarray(Math.max(start - from, 0), end - from),
    )
    if (slices.length < 2) return slices[0] ?? Buffer.alloc(0)
    const joined = Buffer.concat(slices, end - start)
    // the copy takes the place of the pieces, so that both are not in memory during the request
    if (!this.#moving) {
      const first = pieces[0] as Piece
      const last = pieces.at(-1) as Piece
      const parts = [
        cut(first, first.start, start),
        inMemory(joined, start),
        cut(last, end, last.start + last.length),
      ]
      const kept = parts.filter(({ length }) => length > 0)
      this.#replace(first.start, last.start + last.length, kept)
      this.#hold(kept.reduce((sum, piece) => sum + piece.held, 0))
    }
    return joined
  }

  /** The last pieces, those that are in memory and that no request needs. */
  #unclaimed(): Piece[] {
    const found: Piece[] = []
    for (const piece of this.#pieces.toReversed()) {
      if (piece.bytes === null || piece.start < this.#claimed) break
      found.push(piece)
    }
    return found.toReversed()
  }

  /** Replaces the pieces of a range, whose bounds are bounds of pieces. */
  #replace(start: number, end: number, pieces: readonly Piece[]): void {
    const before = this.#pieces.filter((piece) => piece.start < start)
    const after = this.#pieces.filter((piece) => piece.start >= end)
    for (const piece of this.#pieces) {
      if (piece.start >= start && piece.start < end) this.#release(piece)
    }
    this.#pieces = [...before, ...pieces, ...after]
  }

  #push(bytes: Buffer, held: number): void {
    this.#pieces.push({ start: this.#size, length: bytes.length, bytes, held, at: 0 })
    this.#size += bytes.length
  }

  #openTail(): void {
    this.#tail = Buffer.allocUnsafeSlow(this.#nextTail)
    this.#tailLength = 0
    this.#hold(this.#tail.length)
    this.#nextTail = Math.min(this.#nextTail * 2, LARGEST_TAIL)
  }

  #sealTail(): void {
    const tail = this.#tail
    if (tail === undefined) return
    this.#tail = undefined
    this.#size -= this.#tailLength
    this.#push(tail.subarray(0, this.#tailLength), tail.length)
  }

  #release(piece: Piece): void {
    if (piece.bytes === null) this.#file.free({ start: piece.at, length: piece.length })
    else this.#hold(-piece.held)
  }

  #freeAll(ranges: readonly Range[]): void {
    for (const range of ranges) this.#file.free(range)
  }

  #hold(bytes: number): void {
    this.#memory += bytes
    this.#budget.hold(bytes)
  }
}

const inMemory = (bytes: Buffer, start: number): Piece => ({
  start,
  length: bytes.length,
  bytes,
  held: bytes.length,
  at: 0,
})

/** Returns the part of a piece in memory between two positions of the object. */
const cut = (piece: Piece, from: number, to: number): Piece =>
  inMemory((piece.bytes as Buffer).subarray(from - piece.start, Math.max(from, to) - piece.start), from)

function inFile(ranges: readonly Range[], start: number): Piece[] {
  let position = start
  return ranges.map(({ start: at, length }) => {
    const piece = { start: position, length, bytes: null, held: 0, at }
    position += length
    return piece
  })
}
