import { noHeaders, type ConnectRecord, type Schema, type Serialized } from '../../../../api/index.ts'
import type { DeadLetterBytes } from '../../../errors/index.ts'
import type { RawRecord } from '../../../kafka/index.ts'
import {
  readable,
  Serializer,
  timestampOf,
  type Converters,
  type ConverterWaits,
} from '../../../pipeline/index.ts'

/** Header of a dead letter that lists the parts which the converters could not write. */
const AS_JSON = '__headrace.errors.as.json'

/**
 * Returns the record for a source's dead letter queue: the polled record, in the format of the connector's converters.
 * A part that they cannot write, or whose converter does not become ready in time, is written as readable JSON and
 * listed in a header. Kafka Connect has no such queue.
 */
export function deadLetterBytes(converters: Converters, waits: ConverterWaits): DeadLetterBytes {
  const serializer = new Serializer(converters)
  return ({ record }) => {
    if (record === undefined) throw new TypeError('the failure has no record')
    try {
      return serializer.convert(record, Date.now())
    } catch {
      return partByPart(serializer, waits, record)
    }
  }
}

async function partByPart(
  serializer: Serializer,
  waits: ConverterWaits,
  record: ConnectRecord,
): Promise<RawRecord> {
  const asJson: string[] = []
  const now = Date.now()
  const bare = { ...record, keySchema: null, key: null, valueSchema: null, value: null, headers: noHeaders }
  const part = async <K extends 'key' | 'value' | 'headers'>(
    name: K,
    own: Partial<ConnectRecord>,
    fallback: () => Serializer[K],
  ): Promise<Serializer[K]> => {
    try {
      return await waits.convert(() => serializer.convert({ ...bare, ...own }, now)[name])
    } catch {
      asJson.push(name)
      return fallback()
    }
  }
  const { keySchema, key, valueSchema, value, headers } = record
  const headersAsJson = () =>
    headers.map((header) => ({ key: header.key, value: json(header.value, header.schema) }))
  const parts = {
    key: await part('key', { keySchema, key }, () => json(key, keySchema)),
    value: await part('value', { valueSchema, value }, () => json(value, valueSchema)),
    headers: await part('headers', { headers }, headersAsJson),
  }
  const note = asJson.length === 0 ? [] : [{ key: AS_JSON, value: asJson.join() }]
  return { ...parts, headers: [...parts.headers, ...note], timestamp: timestampOf(record, now) }
}

const json = (value: unknown, schema: Schema | null): Serialized => JSON.stringify(readable(value, schema))
