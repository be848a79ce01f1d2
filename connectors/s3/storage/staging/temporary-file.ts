import { open, rm, type FileHandle } from 'node:fs/promises'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { ConnectError, messageOf } from '../../../../api/index.ts'
import { RangeAllocator, type Range } from './ranges.ts'

const OWNER_ONLY = 0o600
/** The file is shortened when this much of its end is free. */
const SLACK = 64 * 1024 * 1024

/** Holds bytes that do not fit into memory. The file exists from the first write to the end of the process at most. */
export class TemporaryFile {
  readonly #path: string
  readonly #folder: string
  readonly #ranges = new RangeAllocator()
  #opening: Promise<FileHandle> | undefined
  /** Operations in progress, which the file must outlive. */
  readonly #pending = new Set<Promise<unknown>>()
  #length = 0
  #closed = false

  constructor(folder: string) {
    this.#folder = folder
    this.#path = join(folder, `headrace-s3-${randomUUID()}.tmp`)
  }

  /** Number of bytes in use. */
  get used(): number {
    return this.#ranges.used
  }

  /** Length of the file. */
  get length(): number {
    return this.#length
  }

  /**
   * Writes buffers one after another and resolves to where they are. Rejects with `HR_RETRIABLE` if the disk is full or
   * cannot be written; nothing is in use then.
   */
  async write(buffers: readonly Buffer[], total: number): Promise<Range[]> {
    const ranges = this.#ranges.allocate(total)
    try {
      await this.#track(this.#writeInto(ranges, buffers))
      return ranges
    } catch (error) {
      for (const range of ranges) this.#ranges.free(range)
      throw this.#failure('write', error)
    }
  }

  /** Fills a buffer with the bytes at a position. Rejects like `write`. */
  async read(target: Buffer, position: number): Promise<void> {
    try {
      await this.#track(this.#readFully(target, position))
    } catch (error) {
      throw this.#failure('read', error)
    }
  }

  free(range: Range): void {
    this.#ranges.free(range)
  }

  /** Shortens the file if much of its end is free. Must not be called during a write. */
  async trim(): Promise<void> {
    const { end } = this.#ranges
    const excess = this.#length - end
    if (this.#opening === undefined || excess === 0 || (excess < SLACK && end > 0)) return
    const file = await this.#opening
    await this.#track(file.truncate(end))
    this.#length = end
  }

  /** Removes the file. Never rejects. */
  async close(): Promise<void> {
    this.#closed = true
    await Promise.allSettled(this.#pending)
    const file = await this.#opening?.catch(() => undefined)
    await file?.close().catch(() => {})
    if (file !== undefined) await rm(this.#path, { force: true }).catch(() => {})
  }

  async #writeInto(ranges: readonly Range[], buffers: readonly Buffer[]): Promise<void> {
    const file = await this.#handle()
    const source = new Cursor(buffers)
    for (const { start, length } of ranges) {
      for (let done = 0; done < length;) {
        const { bytesWritten } = await file.writev(source.peek(length - done), start + done)
        if (bytesWritten === 0) throw new Error('nothing was written')
        source.advance(bytesWritten)
        done += bytesWritten
      }
      this.#length = Math.max(this.#length, start + length)
    }
  }

  async #readFully(target: Buffer, position: number): Promise<void> {
    const file = await this.#handle()
    for (let done = 0; done < target.length;) {
      const { bytesRead } = await file.read(target, done, target.length - done, position + done)
      if (bytesRead === 0) throw new Error('it is shorter than it was')
      done += bytesRead
    }
  }

  #handle(): Promise<FileHandle> {
    if (this.#closed) return Promise.reject(new Error('it is closed'))
    this.#opening ??= this.#create().catch((error: unknown) => {
      this.#opening = undefined
      throw error
    })
    return this.#opening
  }

  /** The file has no name while it is in use, where the system allows that: nothing is left over after a crash. */
  async #create(): Promise<FileHandle> {
    const file = await open(this.#path, 'wx+', OWNER_ONLY)
    await rm(this.#path).catch(() => {})
    return file
  }

  async #track<T>(operation: Promise<T>): Promise<T> {
    this.#pending.add(operation)
    try {
      return await operation
    } finally {
      this.#pending.delete(operation)
    }
  }

  #failure(doing: string, error: unknown): ConnectError {
    const { code } = error as { code?: unknown }
    const remedy =
      code === 'ENOSPC' || code === 'EDQUOT'
        ? 'Free space there, or name another folder with headrace.s3.staging.dir'
        : 'headrace.s3.staging.dir must be a folder that exists and can be written'
    return new ConnectError(
      'HR_RETRIABLE',
      `Cannot ${doing} the temporary file in ${this.#folder}: ${messageOf(error)}. ${remedy}.`,
      { cause: error },
    )
  }
}

/** Walks over buffers, a few at a time. */
class Cursor {
  readonly #buffers: readonly Buffer[]
  #index = 0
  #offset = 0

  constructor(buffers: readonly Buffer[]) {
    this.#buffers = buffers
  }

  /** Returns buffers with the next bytes: at most `length` of them, and at most as many buffers as one call may take. */
  peek(length: number): Buffer[] {
    const found: Buffer[] = []
    let missing = length
    let offset = this.#offset
    for (let at = this.#index; missing > 0 && found.length < MAX_BUFFERS; at++) {
      const buffer = this.#buffers[at]
      if (buffer === undefined) break
      const slice = buffer.subarray(offset, offset + missing)
      if (slice.length > 0) found.push(slice)
      missing -= slice.length
      offset = 0
    }
    return found
  }

  advance(length: number): void {
    for (let missing = length; missing > 0;) {
      const rest = (this.#buffers[this.#index]?.length ?? 0) - this.#offset
      const step = Math.min(rest, missing)
      missing -= step
      this.#offset += step
      if (step === rest) {
        this.#index++
        this.#offset = 0
      }
    }
  }
}

/** IOV_MAX of Linux is 1024. */
const MAX_BUFFERS = 512
