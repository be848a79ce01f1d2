import {
  ConnectError,
  messageOf,
  parseJson,
  sourceRecord,
  type SchemaAndValue,
  type SourceRecord,
} from '../../../../api/index.ts'
import { parseConfig } from '../../../../config/index.ts'
import type { ConsumedRecord } from '../../../pipeline/index.ts'
import type { PluginRegistry } from '../../../plugins/index.ts'
import type { Sample, SamplePart } from '../../../preview/index.ts'

const DEFAULT_TOPIC = 'sample'
const JSON_CONVERTER = 'org.apache.kafka.connect.json.JsonConverter'

/** A sample as it would lie in Kafka. */
export function consumedSample(sample: Sample, index: number, topic = DEFAULT_TOPIC): ConsumedRecord {
  const timestamp = sample.timestamp ?? -1
  return {
    place: {
      topic: sample.topic ?? topic,
      partition: sample.partition ?? 0,
      offset: sample.offset ?? index,
      timestamp,
      timestampType: 'CreateTime',
    },
    bytes: {
      key: bytesOf(sample.key),
      value: bytesOf(sample.value),
      timestamp,
      headers: sample.headers.map(({ key, value }) => ({ key, value: bytesOf(value) })),
    },
  }
}

function bytesOf(part: SamplePart): Buffer | null {
  return part === null ? null : Buffer.from(part.text, part.kind === 'base64' ? 'base64' : 'utf8')
}

/** A sample as a source would poll it. Throws `HR_BAD_REQUEST`. */
export function polledSample(sample: Sample, index: number, registry: PluginRegistry): SourceRecord {
  const at = `records[${index}]`
  const key = valueOf(sample.key, sample.keySchema, registry, `${at}.key`)
  const value = valueOf(sample.value, sample.valueSchema, registry, `${at}.value`)
  return sourceRecord({
    topic: sample.topic ?? DEFAULT_TOPIC,
    partition: sample.partition ?? null,
    timestamp: sample.timestamp ?? null,
    keySchema: key.schema,
    key: key.value,
    valueSchema: value.schema,
    value: value.value,
    headers: sample.headers.map((header, nth) => ({
      key: header.key,
      ...valueOf(header.value, undefined, registry, `${at}.headers[${nth}]`),
    })),
    sourcePartition: null,
    sourceOffset: null,
  })
}

/** With a schema, the value is what JsonConverter reads of it. */
function valueOf(
  part: SamplePart,
  schema: string | undefined,
  registry: PluginRegistry,
  where: string,
): SchemaAndValue {
  try {
    if (schema !== undefined) return typedValue(part, schema, registry)
    if (part === null) return { schema: null, value: null }
    if (part.kind === 'text') return { schema: null, value: part.text }
    const value = part.kind === 'json' ? parseJson(part.text) : Buffer.from(part.text, 'base64')
    return { schema: null, value }
  } catch (cause) {
    throw new ConnectError('HR_BAD_REQUEST', `${where}: ${messageOf(cause)}`, { cause })
  }
}

function typedValue(part: SamplePart, schema: string, registry: PluginRegistry): SchemaAndValue {
  const plugin = registry.converter(JSON_CONVERTER, 'value')
  const config = parseConfig(plugin.config, { 'converter.type': 'value', 'schemas.enable': 'true' })
  const payload = part === null ? 'null' : part.kind === 'json' ? part.text : JSON.stringify(part.text)
  const envelope = Buffer.from(`{"schema":${schema},"payload":${payload}}`)
  return plugin.create(config, 'value').toConnect(DEFAULT_TOPIC, envelope)
}
