import { MS_PER_CYCLE } from './calendar.ts'

/** A 64-bit integer: a number if it is a safe integer, else a bigint. */
export type Long = number | bigint

/** Beyond these times, Node.js has no dates. */
export const FAR_MS = 8e15

/** Returns the integer as a number if it is a safe one. */
export function toLong(value: bigint): Long {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}

/**
 * Returns a time that is less than 2500 years from 1970 and has the same date and offset but for the year, and how many
 * times 400 years it has been moved. Times that far away are mistakes, such as nanoseconds.
 */
export function nearerTime(time: bigint): { time: number; cycles: number } {
  const size = BigInt(MS_PER_CYCLE)
  const cycles = Number(time / size)
  // Beyond the first 400 years, offsets repeat in the future, and are constant in the past
  const kept = cycles > 0 ? 1 : cycles < 0 ? -4 : 0
  return { time: Number(time % size) + kept * MS_PER_CYCLE, cycles: cycles - kept }
}
