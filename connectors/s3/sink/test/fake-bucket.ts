import { ConnectError } from '../../../../api/index.ts'
import type { ObjectExtent, ObjectWriter, OpenObject, Stored, WhenExists } from '../../ports.ts'

/** An object in the bucket. */
export interface FakeObject {
  readonly text: string
  /** Null for an object of another program. */
  readonly extent: ObjectExtent | null
}

/** A bucket in memory, with conditions as S3 has them. Several tasks can share it. */
export class FakeBucket {
  readonly objects = new Map<string, FakeObject>()
  /** Keys in the order in which objects were stored. */
  readonly stored: string[] = []
  /** Number of objects that are open: neither stored nor discarded. */
  open = 0
  /** Memory that encoders held at the last call of `settle`. */
  held = 0
  closed = 0
  /** Called before each attempt to store an object; may wait or throw. */
  beforeStore: (key: string, signal: AbortSignal) => void | Promise<void> = () => {}
  /** Called after each attempt that changed the bucket; may throw. */
  afterStore: (key: string) => void | Promise<void> = () => {}
  settle: (signal: AbortSignal) => void | Promise<void> = () => {}

  get keys(): string[] {
    return [...this.objects.keys()].toSorted()
  }

  lines(key: string): string[] {
    const text = this.objects.get(key)?.text
    if (text === undefined) throw new Error(`no object ${key}, found ${this.keys.join(', ')}`)
    return text.split('\n').slice(0, -1)
  }

  /** `before` is called before each attempt of this writer to store an object. */
  writer(before: () => void | Promise<void> = () => {}): ObjectWriter {
    return {
      open: (key) => new FakeOpenObject(this, key, before),
      settle: async (held, signal) => {
        this.held = held
        await this.settle(signal)
      },
      close: async () => void this.closed++,
    }
  }

  /** Puts an object under the condition. */
  put(key: string, object: { text: string; extent: ObjectExtent }, whenExists: WhenExists): Stored {
    const other = this.objects.get(key)?.extent ?? null
    const { startOffset, startTimestamp, endOffset } = object.extent
    const same = other?.startOffset === startOffset && other.startTimestamp === startTimestamp
    if (whenExists === 'keep' && other !== null && same) {
      return other.endOffset === endOffset
        ? { kind: 'stored' }
        : { kind: 'exists', endOffset: other.endOffset }
    }
    if (whenExists === 'keep-newer' && other !== null && other.endOffset >= endOffset)
      return { kind: 'stored' }
    this.objects.set(key, object)
    this.stored.push(key)
    return { kind: 'stored' }
  }
}

class FakeOpenObject implements OpenObject {
  readonly key: string
  readonly #bucket: FakeBucket
  readonly #before: () => void | Promise<void>
  readonly #chunks: Buffer[] = []
  #state: 'open' | 'storing' | 'ended' = 'open'
  size = 0

  constructor(bucket: FakeBucket, key: string, before: () => void | Promise<void>) {
    this.#bucket = bucket
    this.#before = before
    this.key = key
    bucket.open++
  }

  append(bytes: Buffer): void {
    if (this.#state !== 'open') throw new Error(`append to ${this.key}, which is ${this.#state}`)
    this.size += bytes.length
    this.#chunks.push(bytes)
  }

  async store(extent: ObjectExtent, whenExists: WhenExists, signal: AbortSignal): Promise<Stored> {
    if (this.#state !== 'open') throw new Error(`store of ${this.key}, which is ${this.#state}`)
    this.#state = 'storing'
    try {
      const stored = await this.#attempt(extent, whenExists, signal)
      if (stored.kind === 'stored') this.#end()
      else this.#state = 'open'
      return stored
    } catch (error) {
      this.#state = 'open'
      throw error
    }
  }

  async discard(): Promise<void> {
    if (this.#state !== 'open') throw new Error(`discard of ${this.key}, which is ${this.#state}`)
    this.#end()
  }

  async #attempt(extent: ObjectExtent, whenExists: WhenExists, signal: AbortSignal): Promise<Stored> {
    await this.#before()
    await this.#bucket.beforeStore(this.key, signal)
    signal.throwIfAborted()
    const text = Buffer.concat(this.#chunks).toString()
    const stored = this.#bucket.put(this.key, { text, extent }, whenExists)
    await this.#bucket.afterStore(this.key)
    return stored
  }

  #end(): void {
    this.#state = 'ended'
    this.#bucket.open--
  }
}

/** An error that another attempt can avoid. */
export function unavailable(): ConnectError {
  return new ConnectError('HR_RETRIABLE', 'the server is unavailable')
}
