import { ConnectError } from '../../../../api/index.ts'
import { invalidFormat, offset, Reading } from '../text-parser.ts'

const parser = offset(false)

/** Returns the milliseconds of an offset such as `+02:00`. Throws `HR_ILLEGAL_ARGUMENT`. Source: DateTimeZone.parseOffset. */
export function parseOffset(text: string): number {
  const reading = new Reading()
  const end = parser(reading, text, 0)
  if (end >= text.length && reading.offset !== undefined) return reading.offset
  throw new ConnectError('HR_ILLEGAL_ARGUMENT', invalidFormat(text, end < 0 ? ~end : end))
}

/** Returns an offset as `+02:00`, with seconds and milliseconds if it has them. Source: DateTimeZone.printOffset. */
export function textOfOffset(ms: number): string {
  const size = Math.abs(ms)
  const hoursAndMinutes = `${two(Math.floor(size / 3_600_000))}:${two(Math.floor(size / 60_000) % 60)}`
  const [seconds, rest] = [Math.floor(size / 1000) % 60, size % 1000]
  const text = `${ms < 0 ? '-' : '+'}${hoursAndMinutes}`
  if (rest > 0) return `${text}:${two(seconds)}.${String(rest).padStart(3, '0')}`
  return seconds > 0 ? `${text}:${two(seconds)}` : text
}

const two = (value: number): string => String(value).padStart(2, '0')
