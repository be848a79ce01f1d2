import type { Transform } from 'node:stream'

/** Decompressors get this many bytes at a time, which bounds the memory for what they return. */
const INPUT_BYTES = 16 * 1024

/**
 * Passes a stream through a transform of Node.js. In contrast to a pipe, it returns everything that the transform has
 * produced before it throws an error of the transform.
 */
export async function* throughTransform(
  bytes: AsyncIterable<Buffer>,
  transform: Transform,
): AsyncGenerator<Buffer> {
  const run = new Run(transform)
  try {
    for await (const chunk of bytes) {
      for (let at = 0; at < chunk.length; at += INPUT_BYTES) {
        await run.write(chunk.subarray(at, at + INPUT_BYTES))
        yield* run.take()
        if (run.error !== undefined) throw run.error
      }
    }
    await run.end()
    yield* run.take()
    if (run.error !== undefined) throw run.error
  } finally {
    transform.destroy()
  }
}

/** A transform in use. Everything that follows its end is ignored. */
class Run {
  readonly #transform: Transform
  #produced: Buffer[] = []
  #ended = false
  #wake: (() => void) | undefined
  error: Error | undefined

  constructor(transform: Transform) {
    this.#transform = transform
    transform.on('data', (part: Buffer) => this.#produced.push(part))
    transform.on('error', (error) => {
      this.error = error
      this.#wake?.()
    })
    transform.on('end', () => {
      this.#ended = true
      this.#wake?.()
    })
  }

  /** Resolves when the part has been processed, or with an error. */
  write(part: Buffer): Promise<void> {
    return this.#until((done) => this.#transform.write(part, done))
  }

  end(): Promise<void> {
    return this.#until(() => this.#transform.end())
  }

  take(): Buffer[] {
    const taken = this.#produced
    this.#produced = []
    return taken
  }

  #until(start: (done: () => void) => void): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve
      if (this.#ended || this.error !== undefined) resolve()
      else start(resolve)
    })
  }
}
