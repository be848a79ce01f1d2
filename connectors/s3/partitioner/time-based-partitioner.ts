import { ConnectError, invalidValue, messageOf, type SinkRecord } from '../../../api/index.ts'
import {
  calendarFields,
  compilePattern,
  FAR_MS,
  instantOfLocal,
  nearerTime,
  zoneForId,
  type PrintedTime,
  type TimeZone,
} from '../joda/index.ts'
import type { Partitioner } from '../ports.ts'
import { partitionError, placeOfRecord } from './partition-error.ts'
import type { TimestampExtractor } from './timestamp-extractor.ts'

export interface TimeOptions {
  /** `locale` */
  readonly locale: string
  /** `timezone` */
  readonly timezone: string
  readonly extractor: TimestampExtractor
  /** `directory.delim` */
  readonly delim: string
}

export interface TimeBasedPartitionerOptions extends TimeOptions {
  /** `partition.duration.ms` */
  readonly durationMs: number
  /** `path.format`, a pattern of Joda-Time. */
  readonly pathFormat: string
}

/** A partitioner that is based on time. */
export interface TimeBased extends Partitioner {
  timeOf(record: SinkRecord, now: number): number | null
}

/**
 * Partitions by time: rounds the time of a record down to `durationMs` and prints it with the pattern `pathFormat`. Times
 * before 1970 are rounded up, because the division truncates.
 *
 * Throws `HR_CONFIG_INVALID` for an invalid option. Source: TimeBasedPartitioner. Differs: a duration of 0 is refused; Java
 * fails at the first record.
 */
export function timeBasedPartitioner(options: TimeBasedPartitionerOptions): TimeBased {
  const { durationMs, delim, locale, timezone, extractor } = options
  if (durationMs <= 0) {
    throw invalid('partition.duration.ms', durationMs, 'Partition duration needs to be a positive.')
  }
  const pathFormat = withoutEnd(options.pathFormat, delim)
  if (locale.trim() === '') throw invalid('locale', locale, 'Locale cannot be empty.')
  if (timezone.trim() === '') throw invalid('timezone', timezone, 'Timezone cannot be empty.')
  const zone = checked('timezone', timezone, () => zoneForId(timezone))
  const print = checked('path.format', pathFormat, () => compilePattern(pathFormat, zone, locale))
  return new TimeBasedPartitioner(durationMs, zone, print, extractor)
}

/** One directory per day: `year=2015/month=04/day=02`. Source: DailyPartitioner. */
export function dailyPartitioner(options: TimeOptions): TimeBased {
  const pathFormat = ["'year'=YYYY", "'month'=MM", "'day'=dd"].join(options.delim)
  return timeBasedPartitioner({ ...options, durationMs: 86_400_000, pathFormat })
}

/** One directory per hour: `year=2015/month=04/day=02/hour=01`. Source: HourlyPartitioner. */
export function hourlyPartitioner(options: TimeOptions): TimeBased {
  const pathFormat = ["'year'=YYYY", "'month'=MM", "'day'=dd", "'hour'=HH"].join(options.delim)
  return timeBasedPartitioner({ ...options, durationMs: 3_600_000, pathFormat })
}

function withoutEnd(pathFormat: string, delim: string): string {
  if (pathFormat.trim() === '' || pathFormat === delim) {
    throw invalid('path.format', pathFormat, 'Path format cannot be empty.')
  }
  const endsWithDelim = delim.trim() !== '' && pathFormat.endsWith(delim)
  return endsWithDelim ? pathFormat.slice(0, -delim.length) : pathFormat
}

function checked<T>(key: string, value: string, run: () => T): T {
  try {
    return run()
  } catch (error) {
    throw invalid(key, value, messageOf(error))
  }
}

function invalid(configKey: string, value: unknown, reason: string): ConnectError {
  return new ConnectError('HR_CONFIG_INVALID', invalidValue(configKey, value, reason), { configKey })
}

/** Directories that a partitioner remembers. */
const MAX_DIRECTORIES = 1000

class TimeBasedPartitioner implements TimeBased {
  readonly #durationMs: number
  readonly #zone: TimeZone
  readonly #print: (time: PrintedTime) => string
  readonly #extractor: TimestampExtractor
  /** By the instant at which the period starts. */
  readonly #directories = new Map<number, string>()
  /** Times from `#start` to before `#end` have the directory `#directory`. */
  #start = 0
  #end = 0
  #directory = ''

  constructor(
    durationMs: number,
    zone: TimeZone,
    print: (time: PrintedTime) => string,
    extractor: TimestampExtractor,
  ) {
    this.#durationMs = durationMs
    this.#zone = zone
    this.#print = print
    this.#extractor = extractor
  }

  timeOf(record: SinkRecord, now: number): number | null {
    const time = this.#extractor.extract(record, now)
    return typeof time === 'bigint' ? Number(time) : time
  }

  directoryOf(record: SinkRecord, now: number): string {
    const time = this.#extractor.extract(record, now)
    if (typeof time === 'number') {
      if (time >= this.#start && time < this.#end) return this.#directory
      return Math.abs(time) < FAR_MS ? this.#enter(time) : this.#farDirectory(BigInt(time))
    }
    if (time !== null) return this.#farDirectory(time)
    const reason = `Unable to determine timestamp using timestamp.extractor ${this.#extractor.javaClass}`
    throw partitionError(`${reason} for record: ${placeOfRecord(record)}`)
  }

  #enter(time: number): string {
    const stretch = this.#zone.stretchAt(time)
    const duration = this.#durationMs
    const local = time + stretch.offset
    const rounded = local - (local % duration)
    const from = rounded > 0 ? rounded : rounded - duration + 1
    const to = rounded < 0 ? rounded + 1 : rounded + duration
    this.#start = Math.max(stretch.start, from - stretch.offset)
    this.#end = Math.min(stretch.end, to - stretch.offset)
    this.#directory = this.#directoryAt(instantOfLocal(this.#zone, rounded))
    return this.#directory
  }

  #directoryAt(instant: number): string {
    let directory = this.#directories.get(instant)
    if (directory === undefined) {
      if (this.#directories.size >= MAX_DIRECTORIES) this.#directories.clear()
      directory = this.#printed(instant, 0)
      this.#directories.set(instant, directory)
    }
    return directory
  }

  #printed(instant: number, cycles: number): string {
    const offset = this.#zone.offsetAt(instant)
    return this.#print({ fields: calendarFields(instant + offset, cycles), offset, instant })
  }

  #farDirectory(time: bigint): string {
    const local = time + BigInt(this.#zone.offsetAt(nearerTime(time).time))
    if (BigInt.asIntN(64, local) !== local) {
      const message = `Adding time zone offset caused overflow: ${time}`
      throw new ConnectError('HR_DATA_INVALID', message, { javaClass: 'java.lang.ArithmeticException' })
    }
    const near = nearerTime(local - (local % BigInt(this.#durationMs)))
    return this.#printed(instantOfLocal(this.#zone, near.time), near.cycles)
  }
}
