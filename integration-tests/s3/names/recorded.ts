import { isDeepStrictEqual } from 'node:util'
import { isConnectError, type ConnectError, type Schema, type SinkRecord } from '../../../api/index.ts'
import { schemaCompatibility, type CompatibilityMode } from '../../../connectors/s3/compatibility/index.ts'
import { zoneForId } from '../../../connectors/s3/joda/index.ts'
import {
  dailyPartitioner,
  fieldPartitioner,
  hourlyPartitioner,
  recordExtractor,
  recordFieldExtractor,
  rotationSchedule,
  timeBasedPartitioner,
  type TimestampExtractor,
} from '../../../connectors/s3/partitioner/index.ts'
import { canonicalValue } from '../../golden/canonical.ts'
import { decodeSchema, decodeValue } from '../../golden/decode.ts'
import type { RecordedSchema, TypedValue } from '../../golden/format.ts'
import type { Case, CompatibilityCase, RecordCase, RecordedFailure, TimeCase } from './cases.ts'

export type RecordedCase = Case & { readonly expected: unknown }

/** Runs a recorded case. Returns the differences. */
export function differencesOf(recorded: RecordedCase): string[] {
  const found = run(recorded)
  const expected = recorded.kind === 'compatibility' ? canonicalResults(recorded) : recorded.expected
  if (!Array.isArray(found) || !Array.isArray(expected)) return difference(found, expected, '')
  return found.flatMap((one: unknown, i) => difference(one, expected[i], `${i}`))
}

function difference(found: unknown, expected: unknown, at: string): string[] {
  if (Array.isArray(found) && Array.isArray(expected)) {
    return found.flatMap((one: unknown, i) => difference(one, expected[i], `${at} ${i}`))
  }
  const same = isFailure(expected) ? isSameFailure(found, expected) : isDeepStrictEqual(found, expected)
  return same ? [] : [`${at}: found ${textOf(found)}, expected ${JSON.stringify(expected)}`]
}

const textOf = (found: unknown): string =>
  isConnectError(found) ? `${found.javaClass}: ${found.message}` : JSON.stringify(found)

function isFailure(expected: unknown): expected is RecordedFailure {
  return typeof expected === 'object' && expected !== null && 'error' in expected
}

function isSameFailure(found: unknown, { error, message }: RecordedFailure): boolean {
  if (!isConnectError(found)) return false
  // Where Java fails by accident, an error that says why is as good
  if (accidents.includes(error)) return true
  return found.javaClass === error && found.message.startsWith(message)
}

const accidents = ['java.lang.NullPointerException', 'java.lang.ClassCastException']

/** Returns a result, or the error that is thrown instead. */
function attempt<T>(work: () => T): T | ConnectError {
  try {
    return work()
  } catch (error) {
    if (isConnectError(error)) return error
    throw error
  }
}

function run(recorded: RecordedCase): unknown {
  switch (recorded.kind) {
    case 'time':
      return directories(recorded)
    case 'zone':
      return recorded.ids.map((id) => attempt(() => zoneForId(id).id))
    case 'offset': {
      const zone = zoneForId(recorded.zone)
      return recorded.times.map((time) => zone.offsetAt(time))
    }
    case 'schedule': {
      const next = rotationSchedule(recorded.periodMs ?? 0, recorded.zone)
      return recorded.times.map(next)
    }
    case 'field':
      return attempt(() => fieldDirectory(recorded))
    case 'extract':
      return attempt(() => {
        const extractor = recordFieldExtractor({ field: recorded.field ?? '', defaultZone: 'UTC' })
        return String(extractor.extract(recordOf(recorded.schema, recorded.value), 0))
      })
    case 'iso': {
      const extractor = recordFieldExtractor({
        field: 'timestamp',
        defaultZone: recorded.defaultZone ?? 'UTC',
      })
      return recorded.texts.map((text) =>
        attempt(() => String(extractor.extract({ ...base, value: { timestamp: text } }, 0))),
      )
    }
    case 'compatibility':
      return compatibility(recorded)
  }
}

const base: SinkRecord = {
  topic: 't',
  partition: 0,
  offset: 0,
  keySchema: null,
  key: null,
  valueSchema: null,
  value: null,
  timestamp: 1,
  timestampType: 'CreateTime',
  headers: [],
  originalTopic: 't',
  originalPartition: 0,
  originalOffset: 0,
}

function recordOf(schema: RecordedSchema | null, value: TypedValue): SinkRecord {
  const valueSchema = decodeSchema(schema)
  return { ...base, valueSchema, value: decodeValue(value, valueSchema) }
}

/** An extractor for times that no timestamp of a record has. */
function timesInOrder(times: readonly (number | string)[]): TimestampExtractor {
  return {
    ...recordExtractor,
    extract: ({ offset }) => {
      const time = times[offset] as number | string
      return typeof time === 'number' ? time : BigInt(time)
    },
  }
}

function directories(recorded: TimeCase): unknown {
  const { partitioner, times, delim = '/', locale = 'en', zone = 'UTC' } = recorded
  const { pathFormat = 'YYYY', durationMs = 3_600_000 } = recorded
  const options = { delim, locale, timezone: zone, extractor: timesInOrder(times) }
  return attempt(() => {
    const made =
      partitioner === 'daily'
        ? dailyPartitioner(options)
        : partitioner === 'hourly'
          ? hourlyPartitioner(options)
          : timeBasedPartitioner({ ...options, pathFormat, durationMs })
    return times.map((_, offset) => attempt(() => made.directoryOf({ ...base, offset }, 0)))
  })
}

function fieldDirectory({ fields = [], delim = '/', schema, value }: RecordCase): string {
  return fieldPartitioner({ fields, delim }).directoryOf(recordOf(schema, value), 0)
}

function compatibility({ modes, schema, current, value }: CompatibilityCase): unknown[] {
  const currentSchema = decodeSchema(current)
  const { valueSchema, value: decoded } = recordOf(schema, value)
  const record = { schema: valueSchema, value: decoded }
  return modes.map((mode) => {
    const rules = schemaCompatibility(mode as CompatibilityMode)
    const projected = attempt(() => rules.project(record, currentSchema))
    return [
      attempt(() => rules.mustRotate(record, currentSchema)),
      isConnectError(projected) ? projected : canonicalProjected(projected.value, projected.schema),
    ]
  })
}

const canonicalProjected = (value: unknown, schema: Schema | null) => ({
  value: canonicalValue(value, schema),
})

/** The results of a compatibility case, in the form of ours. */
function canonicalResults({ modes, schema, current, expected }: CompatibilityCase & RecordedCase): unknown[] {
  const results = expected as [rotate: unknown, projected: TypedValue | RecordedFailure][]
  return results.map(([rotate, projected], i) => {
    if (isFailure(projected)) return [rotate, projected]
    const target = decodeSchema(modes[i] === 'NONE' ? schema : current)
    return [rotate, canonicalProjected(decodeValue(projected, target), target)]
  })
}
