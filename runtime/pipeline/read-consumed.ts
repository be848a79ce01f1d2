import {
  noHeaders,
  type Header,
  type SchemaAndValue,
  type SinkRecord,
  type TimestampType,
} from '../../api/index.ts'
import { ConversionFailure, type Stage } from '../errors/index.ts'
import type { ConsumedRecord } from './consumed-record.ts'
import type { Converters } from './converters.ts'

/**
 * Converts one consumed record as a sink does: key, value, headers. For whole segments, use
 * {@link SinkReader}.
 *
 * Throws a {@link ConversionFailure}.
 */
export function readConsumed(converters: Converters, { place, bytes }: ConsumedRecord): SinkRecord {
  const { topic, partition, offset } = place
  const part = (stage: Stage, role: 'key' | 'value'): SchemaAndValue =>
    attempt(stage, converters[role].className, () =>
      converters[role].converter.toConnect(topic, bufferOf(bytes[role])),
    )
  const key = part('KEY_CONVERTER', 'key')
  const value = part('VALUE_CONVERTER', 'value')
  const { className, converter } = converters.header
  const headers = attempt('HEADER_CONVERTER', className, () =>
    bytes.headers.map((header): Header => ({
      key: header.key,
      ...converter.toConnectHeader(topic, header.key, bufferOf(header.value)),
    })),
  )
  return {
    topic,
    partition,
    keySchema: key.schema,
    key: key.value,
    valueSchema: value.schema,
    value: value.value,
    timestamp: place.timestamp < 0 ? null : place.timestamp,
    headers: headers.length === 0 ? noHeaders : headers,
    offset,
    timestampType: place.timestampType as TimestampType,
    originalTopic: topic,
    originalPartition: partition,
    originalOffset: offset,
  }
}

function attempt<T>(stage: Stage, className: string, convert: () => T): T {
  try {
    return convert()
  } catch (error) {
    throw new ConversionFailure(stage, className, error)
  }
}

const bufferOf = (bytes: Buffer | string | null): Buffer | null =>
  typeof bytes === 'string' ? Buffer.from(bytes) : bytes
