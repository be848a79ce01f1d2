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
  let produced: Buffer[] = []
  const failure = new Promise<Error>((resolve) => transform.once('error', resolve))
  const ended = new Promise<undefined>((resolve) => transform.once('end', () => resolve(undefined)))
  const feed = (part: Buffer): Promise<Error | undefined> => {
    const written = new Promise<undefined>((resolve) => transform.write(part, () => resolve(undefined)))
    return Promise.race([failure, ended, written])
  }
  const take = (): Buffer[] => {
    const taken = produced
    produced = []
    return taken
  }
  transform.on('data', (part: Buffer) => produced.push(part))
  try {
    for await (const chunk of bytes) {
      for (let at = 0; at < chunk.length; at += INPUT_BYTES) {
        const error = await feed(chunk.subarray(at, at + INPUT_BYTES))
        yield* take()
        if (error !== undefined) throw error
      }
    }
    transform.end()
    const error = await Promise.race([failure, ended])
    yield* take()
    if (error !== undefined) throw error
  } finally {
    transform.destroy()
  }
}
