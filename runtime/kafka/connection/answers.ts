import type { OnReadOpts } from 'node:net'

/** Enough for most answers, of which several may come in one piece. */
const FIRST_BYTES = 16 * 1024
const LENGTH_BYTES = 4

/**
 * Collects what a socket reads into whole answers of a broker, each with the length before it. The system writes a long
 * one straight into the buffer that it is handed on in: nothing is joined, and no memory comes and goes for pieces.
 *
 * For the option `onread` of a socket. What cannot be an answer is handed on as it came.
 */
export function collectAnswers(whole: (answer: Buffer) => void): OnReadOpts {
  const first = Buffer.allocUnsafeSlow(FIRST_BYTES)
  /** Bytes at the beginning of `first` that are not yet an answer. */
  let left = 0
  let long: Buffer | undefined
  /** Bytes of `long` that are there. */
  let filled = 0

  const takeLong = (answer: Buffer, count: number): void => {
    filled += count
    if (filled < answer.length) return
    long = undefined
    whole(answer)
  }
  const takeShort = (end: number): void => {
    let at = 0
    while (end - at >= LENGTH_BYTES) {
      const length = first.readInt32BE(at)
      const answerEnd = length < 0 ? end : at + LENGTH_BYTES + length
      if (answerEnd > end) {
        long = Buffer.allocUnsafeSlow(answerEnd - at)
        filled = first.copy(long, 0, at, end)
        at = end
        break
      }
      whole(Buffer.from(first.subarray(at, answerEnd)))
      at = answerEnd
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
