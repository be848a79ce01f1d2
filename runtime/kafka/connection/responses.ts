import type { OnReadOpts } from 'node:net'

/** Size of the buffer for short responses. One chunk can contain several. */
const FIRST_BYTES = 16 * 1024
const LENGTH_BYTES = 4

/**
 * Collects the bytes that a socket reads into complete responses, each with its length prefix. A long
 * response is read directly into its final buffer, without allocating or joining chunks.
 *
 * For the `onread` option of a socket. Bytes that cannot be a response are passed on unchanged.
 */
export function collectResponses(whole: (response: Buffer) => void): OnReadOpts {
  const first = Buffer.allocUnsafeSlow(FIRST_BYTES)
  /** Bytes at the beginning of `first` that belong to an incomplete response. */
  let left = 0
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
    first.copyWithin(0, at, end)
    left = end - at
  }
  return {
    buffer: () => (long === undefined ? first.subarray(left) : long.subarray(filled)),
    callback: (count) => {
      if (long === undefined) takeShort(left + count)
      else takeLong(long, count)
      return true
    },
  }
}
