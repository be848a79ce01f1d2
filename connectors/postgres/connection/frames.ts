import type { Socket } from 'node:net'
import { ConnectError } from '../../../api/index.ts'

/** Gets the messages of the server, in order. While a returned promise is pending, the socket is paused. */
export interface FrameHandler {
  /** A message of `type`. Its content goes from `start` to `end` of the buffer, which stays unchanged afterwards. */
  frame(type: number, bytes: Buffer, start: number, end: number): void | Promise<void>
  /** All complete messages of a chunk from the socket have been passed on. */
  endOfChunk(): void | Promise<void>
  /** The handler has thrown, or the data is not the protocol of PostgreSQL. No more frames follow. */
  failed(error: unknown): void
}

/** Type and length: 1 and 4 bytes. The length includes itself. */
const HEADER = 5
const EMPTY: Buffer = Buffer.alloc(0)

/**
 * Takes over what the driver reads from an idle connection, and splits it into messages. The messages in a chunk are ranges
 * of the chunk; only one that spans chunks is copied, once.
 */
export class FrameReader {
  readonly #socket: Socket
  readonly #handler: FrameHandler
  readonly #driver: readonly ((chunk: Buffer) => void)[]
  #queue: Buffer[] = []
  #chunk = EMPTY
  #offset = 0
  #chunkIsOpen = false
  readonly #head = Buffer.alloc(HEADER)
  #headLength = 0
  #body: Buffer | undefined
  #bodyLength = 0
  #waiting = false
  #stopped = false
  #heardAt = performance.now()

  constructor(socket: Socket, handler: FrameHandler) {
    this.#socket = socket
    this.#handler = handler
    this.#driver = socket.listeners('data') as ((chunk: Buffer) => void)[]
    socket.removeAllListeners('data')
    socket.on('data', this.#push)
  }

  /** Whether the handler waits, and the socket is paused. */
  get waiting(): boolean {
    return this.#waiting
  }

  /** When the server was last heard of, or the handler last ended to wait: a time of performance.now(). */
  get heardAt(): number {
    return this.#heardAt
  }

  /** Passes on no more messages; further data is discarded. */
  stop(): void {
    this.#stopped = true
    this.#queue = []
    this.#chunk = EMPTY
    this.#socket.resume()
  }

  /** Gives the connection, which must be idle again, back to the driver. */
  giveBack(): void {
    this.#socket.off('data', this.#push)
    const rest = Buffer.concat([this.#chunk.subarray(this.#offset), ...this.#queue])
    this.stop()
    for (const listener of this.#driver) {
      this.#socket.on('data', listener)
      if (rest.length > 0) listener(rest)
    }
  }

  readonly #push = (chunk: Buffer): void => {
    this.#heardAt = performance.now()
    if (this.#stopped) return
    this.#queue.push(chunk)
    if (!this.#waiting) this.#run()
  }

  #run(): void {
    try {
      while (!this.#stopped) {
        const wait = this.#step()
        if (wait === false) return
        if (wait !== undefined) {
          this.#waitFor(wait)
          return
        }
      }
    } catch (error) {
      this.#fail(error)
    }
  }

  /** Returns false if there is nothing to do. */
  #step(): undefined | false | Promise<void> {
    if (this.#offset < this.#chunk.length) return this.#readFrames()
    if (this.#chunkIsOpen) {
      this.#chunkIsOpen = false
      return this.#handler.endOfChunk() ?? undefined
    }
    const next = this.#queue.shift()
    if (next === undefined) return false
    this.#chunk = next
    this.#offset = 0
    this.#chunkIsOpen = true
    return undefined
  }

  #waitFor(wait: Promise<void>): void {
    this.#waiting = true
    this.#socket.pause()
    wait.then(
      () => {
        this.#waiting = false
        this.#heardAt = performance.now()
        this.#run()
        if (!this.#waiting) this.#socket.resume()
      },
      (error: unknown) => {
        this.#waiting = false
        this.#fail(error)
      },
    )
  }

  #fail(error: unknown): void {
    this.stop()
    this.#handler.failed(error)
  }

  #readFrames(): undefined | Promise<void> {
    const chunk = this.#chunk
    while (this.#offset < chunk.length) {
      const start = this.#offset
      let wait: void | Promise<void>
      if (this.#body !== undefined || this.#headLength > 0 || chunk.length - start < HEADER) {
        wait = this.#collect(chunk)
      } else {
        const end = start + 1 + lengthAt(chunk, start)
        if (end > chunk.length) {
          wait = this.#collect(chunk)
        } else {
          this.#offset = end
          wait = this.#handler.frame(chunk[start] ?? 0, chunk, start + HEADER, end)
        }
      }
      if (wait !== undefined) return wait
      if (this.#stopped || chunk !== this.#chunk) return undefined
    }
    return undefined
  }

  /** Copies a part of a message that spans chunks. Its memory is allocated once, when its length is known. */
  #collect(chunk: Buffer): void | Promise<void> {
    if (this.#body === undefined) {
      const copied = chunk.copy(this.#head, this.#headLength, this.#offset)
      this.#headLength += copied
      this.#offset += copied
      if (this.#headLength < HEADER) return undefined
      this.#body = Buffer.allocUnsafe(lengthAt(this.#head, 0) - 4)
      this.#bodyLength = 0
    }
    const body = this.#body
    const copied = chunk.copy(body, this.#bodyLength, this.#offset)
    this.#bodyLength += copied
    this.#offset += copied
    if (this.#bodyLength < body.length) return undefined
    this.#body = undefined
    this.#headLength = 0
    return this.#handler.frame(this.#head[0] ?? 0, body, 0, body.length)
  }
}

function lengthAt(bytes: Buffer, start: number): number {
  const length = bytes.readInt32BE(start + 1)
  if (length >= 4) return length
  throw new ConnectError(
    'HR_RETRIABLE',
    `The server sent a message of ${length} bytes, which no message of PostgreSQL has; the connection cannot be used further`,
  )
}
