import { Type, type Static } from 'typebox'
import { ConnectError, isPlainObject, type Props } from '../../api/index.ts'
import { printJson } from '../../java/index.ts'
import { inTime, type Sample, type SamplePart } from '../../runtime/index.ts'
import type { Routes } from '../api.ts'

const MAX_RECORDS = 100
const DEFAULT_RECORDS = 5
const MAX_TIMEOUT_MS = 60_000
const DEFAULT_TIMEOUT_MS = 10_000

const json = Type.Optional(Type.Unknown())
const base64 = Type.Optional(
  Type.String({ description: 'Base64 alternative to the field without the suffix' }),
)

const SampleRecord = Type.Object(
  {
    topic: Type.Optional(
      Type.String({
        minLength: 1,
        description: 'The first topic of a sink, or the topic setting of a source, by default',
      }),
    ),
    partition: Type.Optional(Type.Integer({ minimum: 0 })),
    offset: Type.Optional(Type.Integer({ minimum: 0, description: 'For sinks' })),
    timestamp: Type.Optional(Type.Integer({ minimum: 0 })),
    key: json,
    key_base64: base64,
    key_schema: Type.Optional(
      Type.Object({}, { description: 'For sources: a schema in the format of JsonConverter' }),
    ),
    value: Type.Optional(
      Type.Unknown({
        description:
          'A string is used unchanged. Other JSON is serialized to bytes for a sink, and is a schemaless value for a source.',
      }),
    ),
    value_base64: base64,
    value_schema: Type.Optional(Type.Object({}, { description: 'Like key_schema' })),
    headers: Type.Optional(
      Type.Array(
        Type.Object(
          { key: Type.String(), value: json, value_base64: base64 },
          { additionalProperties: false },
        ),
      ),
    ),
  },
  { additionalProperties: false },
)

const PreviewBody = Type.Object(
  {
    config: Type.Object({}, { description: 'Settings of a connector, which need not exist' }),
    records: Type.Optional(
      Type.Array(SampleRecord, {
        minItems: 1,
        maxItems: MAX_RECORDS,
        description:
          "Sample records. When omitted, the next records of the connector's topics or source are read.",
      }),
    ),
    count: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: MAX_RECORDS,
        description: `Maximum number of records to read; ${DEFAULT_RECORDS} by default`,
      }),
    ),
    timeout_ms: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: MAX_TIMEOUT_MS,
        description: `Maximum time to read, in milliseconds; ${DEFAULT_TIMEOUT_MS} by default`,
      }),
    ),
  },
  { additionalProperties: false },
)

/** Shows records after each step of a connector that need not exist. Kafka Connect has no such route. */
export const previewRoutes: Routes = (api, { herder }) => {
  api.post(
    '/headrace/preview',
    {
      config: { body: 'values' },
      schema: {
        operationId: 'previewRecords',
        summary: 'Run records through the converters and transforms of a connector without writing them',
        body: PreviewBody,
      },
    },
    async ({ body: { config, records, count, timeout_ms } }) => {
      const request = {
        config: settingsOf(config),
        samples: records?.map(sampleOf),
        count: count ?? DEFAULT_RECORDS,
        timeoutMs: timeout_ms ?? DEFAULT_TIMEOUT_MS,
      }
      return inTime(herder, herder.preview(request))
    },
  )
}

/** Converts settings to strings, and adds a default name. */
function settingsOf(config: object): Props {
  const entries = Object.entries(config).map(([key, value]) => [key, settingText(key, value)] as const)
  return { name: 'preview', ...Object.fromEntries(entries) }
}

function settingText(key: string, value: unknown): string | null {
  if (value === null || typeof value === 'string') return value
  if (isPlainObject(value) || Array.isArray(value)) {
    throw new ConnectError('HR_BAD_REQUEST', `config.${key}: expected a string, number, boolean or null`)
  }
  return printJson(value)
}

function sampleOf(record: Static<typeof SampleRecord>): Sample {
  const { key_base64, key_schema, value_base64, value_schema, headers, key, value, ...place } = record
  return {
    ...place,
    key: partOf(key, key_base64),
    value: partOf(value, value_base64),
    ...(key_schema === undefined ? {} : { keySchema: printJson(key_schema) }),
    ...(value_schema === undefined ? {} : { valueSchema: printJson(value_schema) }),
    headers: (headers ?? []).map((header) => ({
      key: header.key,
      value: partOf(header.value, header.value_base64),
    })),
  }
}

/** Keeps JSON as text, so that large numbers reach the task process without losing digits. */
function partOf(value: unknown, inBase64: string | undefined): SamplePart {
  if (inBase64 !== undefined) return { kind: 'base64', text: inBase64 }
  if (value === undefined || value === null) return null
  return typeof value === 'string' ? { kind: 'text', text: value } : { kind: 'json', text: printJson(value) }
}
