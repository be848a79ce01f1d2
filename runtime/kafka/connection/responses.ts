import type { OnReadOpts } from 'node:net'

/** Size of the buffer for short responses. One chunk can contain several. */
const FIRST_BYTES = 16 * 1024
const LENGTH_BYTES = 4

/**
 * Where all sockets read short responses: each chunk is passed on before another one is read, and hundreds of idle
 * connections with a buffer each would hold megabytes.
 */
const first = Buffer.allocUnsafeSlow(FIRST_BYTES)
const nothing = Buffer.alloc(0)

/**
 * Collects the bytes that a socket reads into complete responses, each with its length prefix. A long
 * response is read directly into its final buffer, without allocating or joining chunks.
 *
 * For the `onread` option of a socket. Bytes that cannot be a response are passed on unchanged.
 */
export function collectResponses(whole: (response: Buffer) => void): OnReadOpts {
  /** The part of a length prefix at the end of the last chunk. */
  let rest = nothing
  let long: Buffer | undefined
  /** Number of bytes in `long` that have been read. */
  let filled = 0

  const takeLong = (response: Buffer, count: number): void => {
    filled += count
    if (filled < response.length) return
    long = undefined
    whole(response)
  }
  const takeShort = (end: number): void => {
    let at = 0
    while (end - at >= LENGTH_BYTES) {
      const length = first.readInt32BE(at)
      const responseEnd = length < 0 ? end : at + LENGTH_BYTES + length
      if (responseEnd > end) {
        long = Buffer.allocUnsafeSlow(responseEnd - at)
        filled = first.copy(long, 0, at, end)
        at = end
        break
      }
      whole(Buffer.from(first.subarray(at, responseEnd)))
      at = responseEnd
    }
    rest = at === end ? nothing : Buffer.from(first.subarray(at, end))
  }
  return {
    buffer() {
      if (long !== undefined) return long.subarray(filled)
      return rest.length === 0 ? first : first.subarray(rest.length)
    },
    callback(count) {
      if (long !== undefined) takeLong(long, count)
      else takeShort(rest.copy(first) + count)
      return true
    },
  }
}
