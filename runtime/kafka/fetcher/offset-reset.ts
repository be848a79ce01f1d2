import type { PartitionOffset, TopicPartition, Validator } from '../../../api/index.ts'
import { invalidValue } from '../../../api/index.ts'
import type { KafkaClient } from '../connection/client.ts'
import { listOffsets } from './list-offsets.ts'

/**
 * The start position without a committed offset: an end of the partition, or the first record of the last
 * `durationMs`.
 */
export type OffsetReset = 'earliest' | 'latest' | 'none' | { readonly durationMs: number }

const BY_DURATION = 'by_duration:'
const DURATION =
  /^([-+]?)P(?:([-+]?\d+)D)?(T(?=[-+\d])(?:([-+]?\d+)H)?(?:([-+]?\d+)M)?(?:([-+]?\d+)(?:[.,](\d{0,9}))?S)?)?$/i

const part = (count: string | undefined): number => Number(count ?? 0)

/** Parses a duration like java.time.Duration.parse, in milliseconds; undefined if the text is invalid. */
function durationMs(text: string): number | undefined {
  const [whole, sign, days, time, hours, minutes, seconds, fraction = ''] = DURATION.exec(text) ?? []
  if (whole === undefined || (days === undefined && time === undefined)) return undefined
  const nanos = Number(fraction.padEnd(9, '0')) * (seconds?.startsWith('-') === true ? -1 : 1)
  const inSeconds = part(days) * 86_400 + part(hours) * 3600 + part(minutes) * 60 + part(seconds)
  const total = Math.trunc(inSeconds * 1000 + nanos / 1e6)
  return sign === '-' ? -total : total
}

/**
 * Parses `auto.offset.reset`; undefined if invalid. Source: AutoOffsetResetStrategy.fromString (KIP-1106).
 */
export function offsetReset(text: string): OffsetReset | undefined {
  if (text === 'earliest' || text === 'latest' || text === 'none') return text
  if (!text.startsWith(BY_DURATION)) return undefined
  const ms = durationMs(text.slice(BY_DURATION.length))
  return ms === undefined || ms < 0 ? undefined : { durationMs: ms }
}

/** Source: AutoOffsetResetStrategy.Validator. */
export const validOffsetReset: Validator = {
  description: '[earliest, latest, none, by_duration:<PnDTnHnMn.nS>]',
  check: (key, value) => {
    if (offsetReset(String(value)) !== undefined) return undefined
    const expected = `'earliest', 'latest', 'none' or of the format 'by_duration:<PnDTnHnMn.nS.>'`
    const reason = `Invalid value \`${String(value)}\` for configuration ${key}. The value must be either ${expected}.`
    return invalidValue(key, value, reason)
  },
}

/**
 * Resolves to the start offsets. With a duration, that is the first record no older than the duration, or the
 * end of the partition if there is none. The end is looked up first, so that a record written in between is
 * not skipped.
 */
export async function resetOffsets(
  client: KafkaClient,
  partitions: readonly TopicPartition[],
  reset: Exclude<OffsetReset, 'none'>,
  readCommitted: boolean,
): Promise<PartitionOffset[]> {
  if (typeof reset === 'string') return listOffsets(client, partitions, reset, readCommitted)
  const ends = await listOffsets(client, partitions, 'latest', readCommitted)
  const since = Math.max(0, Date.now() - reset.durationMs)
  const found = await listOffsets(client, partitions, { timestamp: since }, readCommitted)
  return found.map((place) => {
    if (place.offset >= 0) return place
    const end = ends.find(({ topic, partition }) => topic === place.topic && partition === place.partition)
    return { ...place, offset: end?.offset ?? 0 }
  })
}
