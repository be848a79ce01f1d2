import type { Output } from '../../ports.ts'
import type { Compressor } from './compression.ts'

/** Compresses chunks of an object on their own, so that an open object holds no state of a compressor. */
export interface ChunkCodec {
  /** Size of the chunks in bytes. */
  readonly chunkBytes: number
  /** Number of bytes before a chunk that are passed to the codec, as a dictionary. */
  readonly windowBytes: number
  compress(chunk: Buffer, window: Buffer | undefined): Promise<Buffer>
  /** Does the same on this thread, while all slots are taken. Undefined if the codec is fast enough. */
  readonly onThread?: {
    readonly slots: CompressionSlots
    compress(chunk: Buffer, window: Buffer | undefined): Buffer
  }
  /** Starts the framing of an object. */
  frame(): ChunkFrame
}

/** The bytes around the chunks of one object. */
export interface ChunkFrame {
  readonly head: Buffer | undefined
  /** Called with each chunk, in order. */
  add(chunk: Buffer): void
  tail(): Buffer | undefined
}

/** Limits the chunks that are compressed at the same time, for all objects of a task. */
export class CompressionSlots {
  #free: number
  constructor(most: number) {
    this.#free = most
  }

  take(): boolean {
    if (this.#free === 0) return false
    this.#free--
    return true
  }

  give(): void {
    this.#free++
  }
}

/** A chunk that is being compressed. The bytes or the error are set when it is done. */
interface Chunk {
  readonly size: number
  done: Promise<void> | undefined
  bytes: Buffer | undefined
  error: unknown
}

/**
 * Compresses an object in chunks, on the thread pool while the task continues. If all slots are taken, the thread of the
 * task compresses a chunk itself: the records are then produced faster than the pool compresses them.
 */
export class ChunkCompressor implements Compressor {
  readonly #codec: ChunkCodec
  readonly #output: Output
  readonly #frame: ChunkFrame
  #headWritten = false
  #collected: Buffer[] = []
  #collectedBytes = 0
  #window: Buffer | undefined
  #chunks: Chunk[] = []

  constructor(codec: ChunkCodec, output: Output) {
    this.#codec = codec
    this.#output = output
    this.#frame = codec.frame()
  }

  get heldBytes(): number {
    const inChunks = this.#chunks.reduce((sum, { bytes, size }) => sum + (bytes?.length ?? size), 0)
    return this.#collectedBytes + (this.#window?.length ?? 0) + inChunks
  }

  add(bytes: Buffer): void {
    this.#collected.push(bytes)
    this.#collectedBytes += bytes.length
    if (this.#collectedBytes >= this.#codec.chunkBytes) this.#start()
    this.#passDone()
  }

  async release(): Promise<void> {
    if (this.#collectedBytes > 0) this.#start()
    this.#window = undefined
    for (const { done } of this.#chunks) await done
    this.#passDone()
    const [failed] = this.#chunks
    if (failed !== undefined) throw failed.error
  }

  async end(): Promise<void> {
    await this.release()
    this.#writeHead()
    const tail = this.#frame.tail()
    if (tail !== undefined) this.#output(tail)
  }

  #start(): void {
    const { windowBytes, onThread } = this.#codec
    const collected = this.#collected
    const bytes = collected.length === 1 ? collected[0]! : Buffer.concat(collected, this.#collectedBytes)
    const window = this.#window
    this.#collected = []
    this.#collectedBytes = 0
    this.#window = windowBytes > 0 ? Buffer.from(bytes.subarray(-windowBytes)) : undefined
    this.#frame.add(bytes)
    const chunk: Chunk = { size: bytes.length, done: undefined, bytes: undefined, error: undefined }
    if (onThread === undefined) chunk.done = this.#compress(chunk, bytes, window)
    else if (onThread.slots.take()) {
      chunk.done = this.#compress(chunk, bytes, window).finally(() => onThread.slots.give())
    } else chunk.bytes = onThread.compress(bytes, window)
    this.#chunks.push(chunk)
  }

  async #compress(chunk: Chunk, bytes: Buffer, window: Buffer | undefined): Promise<void> {
    try {
      chunk.bytes = await this.#codec.compress(bytes, window)
    } catch (error) {
      chunk.error = error
    }
  }

  #passDone(): void {
    let passed = 0
    for (const { bytes } of this.#chunks) {
      if (bytes === undefined) break
      this.#writeHead()
      this.#output(bytes)
      passed++
    }
    if (passed > 0) this.#chunks.splice(0, passed)
  }

  #writeHead(): void {
    if (!this.#headWritten && this.#frame.head !== undefined) this.#output(this.#frame.head)
    this.#headWritten = true
  }
}
