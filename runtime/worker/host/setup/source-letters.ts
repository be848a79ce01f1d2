import { noHeaders, type ConnectRecord, type Schema, type Serialized } from '../../../../api/index.ts'
import type { RecordFailure } from '../../../errors/index.ts'
import type { RawRecord } from '../../../kafka/index.ts'
import { readable, Serializer, timestampOf, type Converters } from '../../../pipeline/index.ts'

/** Header of a dead letter that lists the parts which the converters could not write. */
const AS_JSON = '__headrace.errors.as.json'

/**
 * Returns the record for a source's dead letter queue: the polled record, in the format of the connector's
 * converters. A part that they cannot write is written as readable JSON, and listed in a header. Kafka
 * Connect has no such queue.
 */
export function deadLetterBytes(converters: Converters): (failure: RecordFailure) => RawRecord {
  const serializer = new Serializer(converters)
  return ({ record }) => {
    if (record === undefined) throw new TypeError('a record failed without being there')
    try {
      return serializer.convert(record, Date.now())
    } catch {
      return partByPart(serializer, record)
    }
  }
}

function partByPart(serializer: Serializer, record: ConnectRecord): RawRecord {
  const asJson: string[] = []
  const bare = { ...record, keySchema: null, key: null, valueSchema: null, value: null, headers: noHeaders }
  const part = <T>(name: string, convert: () => T, fallback: () => T): T => {
    try {
      return convert()
    } catch {
      asJson.push(name)
      return fallback()
    }
  }
  const { keySchema, key, valueSchema, value, headers } = record
  const now = Date.now()
  const parts = {
    key: part(
      'key',
      () => serializer.convert({ ...bare, keySchema, key }, now).key,
      () => json(key, keySchema),
    ),
    value: part(
      'value',
      () => serializer.convert({ ...bare, valueSchema, value }, now).value,
      () => json(value, valueSchema),
    ),
    headers: part(
      'headers',
      () => serializer.convert({ ...bare, headers }, now).headers,
      () => headers.map((header) => ({ key: header.key, value: json(header.value, header.schema) })),
    ),
  }
  const note = { key: AS_JSON, value: asJson.join() }
  return { ...parts, headers: [...parts.headers, note], timestamp: timestampOf(record, now) }
}

const json = (value: unknown, schema: Schema | null): Serialized => JSON.stringify(readable(value, schema))
