import {
  ConnectError,
  messageOf,
  sourceRecord,
  type SchemaAndValue,
  type SourceRecord,
} from '../../../../api/index.ts'
import { parseJson } from '../../../../java/index.ts'
import { parseConfig } from '../../../../config/index.ts'
import type { ConsumedRecord } from '../../../pipeline/index.ts'
import type { PluginRegistry } from '../../../plugins/index.ts'
import { silentLogger } from '../../../telemetry/index.ts'
import type { Sample, SamplePart } from './protocol.ts'

/** Converters require a topic for bytes; JsonConverter ignores it. */
const ANY_TOPIC = 'sample'
const JSON_CONVERTER = 'org.apache.kafka.connect.json.JsonConverter'

/**
 * Converts a sample to a record as stored in Kafka, by default in `topic`. Throws `HR_BAD_REQUEST` when there
 * is no topic.
 */
export function consumedSample(sample: Sample, index: number, topic: string | undefined): ConsumedRecord {
  const timestamp = sample.timestamp ?? -1
  return {
    place: {
      topic: topicOf(sample, index, topic),
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

/** Returns the topic of a sample. Has no default, since transforms may use the topic. */
function topicOf({ topic }: Sample, index: number, ofSettings: string | undefined): string {
  const found = topic ?? ofSettings
  if (found !== undefined) return found
  const message = `records[${index}].topic is missing: the settings of the connector do not name one topic`
  throw new ConnectError('HR_BAD_REQUEST', message)
}

function bytesOf(part: SamplePart): Buffer | null {
  return part === null ? null : Buffer.from(part.text, part.kind === 'base64' ? 'base64' : 'utf8')
}

/** Converts a sample to a record as polled from a source, by default for `topic`. Throws `HR_BAD_REQUEST`. */
export function polledSample(
  sample: Sample,
  index: number,
  topic: string | undefined,
  registry: PluginRegistry,
): SourceRecord {
  const at = `records[${index}]`
  const key = valueOf(sample.key, sample.keySchema, registry, `${at}.key`)
  const value = valueOf(sample.value, sample.valueSchema, registry, `${at}.value`)
  return sourceRecord({
    topic: topicOf(sample, index, topic),
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

/** With a schema, JsonConverter reads the value. */
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
  const context = { log: silentLogger, signal: new AbortController().signal }
  return plugin.create(config, 'value', context).toConnect(ANY_TOPIC, envelope)
}
