import { between, defineConfig, rule } from '../../../../api/index.ts'
import { zoneFault } from '../../joda/zones/zone-id.ts'
import { low, medium, named, optional, text } from './rules.ts'

export const compressions = ['none', 'gzip', 'snappy', 'zstd'] as const
export const outputTypes = ['avro', 'csv', 'json', 'jsonl', 'parquet'] as const
export const outputFields = ['key', 'value', 'offset', 'timestamp', 'headers'] as const
const encodings = ['none', 'base64']

const quoted = (names: readonly string[]): string => names.map((name) => `'${name}'`).join(', ')

/** Source: FileCompressionTypeValidator. */
const compression = named(compressions, `supported values are: ${quoted(compressions)}`)

/** Source: OutputFieldsValidator. */
const fields = rule(quoted(outputFields), (value) => {
  if (value === null) return undefined
  const names = (value as readonly string[]).map((name) => name.toLowerCase())
  if (names.length === 0) return 'cannot be empty'
  const known: readonly string[] = outputFields
  return names.every((name) => known.includes(name))
    ? undefined
    : `supported values are: ${quoted(outputFields)}`
})

/** Source: TimeZoneValidator. */
const timezone = optional(zoneFault, 'a time zone')

const source = named(['wallclock', 'event'], 'Unknown timestamp source, expected wallclock or event')

const file = { ...medium, group: 'File' } as const
const lowFile = { ...low, group: 'File', width: 'short' } as const
const format = { ...medium, group: 'Format' } as const

/** Names of objects. Source: FileNameFragment. */
export const fileSettings = defineConfig({
  'file.name.template': {
    ...text,
    ...file,
    order: 1,
    width: 'long',
    examples: ['{{topic}}/{{timestamp:unit=yyyy}}/{{partition}}-{{start_offset:padding=true}}.gz', '{{key}}'],
    doc: 'Names of objects. The variables are topic, partition and start_offset, both with padding=true for zeros in front, timestamp with unit=yyyy, MM, dd or HH, and key. With key, or with key, topic and partition, an object contains the latest record of a key and is replaced by later ones. Otherwise topic, partition and start_offset are required. Default: {{topic}}-{{partition}}-{{start_offset}}, with .avro for Avro, and the extension of the compression.',
  },
  'file.prefix.template': {
    ...text,
    ...file,
    order: 2,
    width: 'long',
    doc: 'Start of the names of objects, before file.name.template, with the same variables.',
  },
  'file.compression.type': {
    ...text,
    ...file,
    order: 2,
    validate: compression,
    recommender: { validValues: () => compressions },
    doc: 'Compression of objects: none, gzip, snappy or zstd. Default: gzip. With Parquet, it is that of the pages, and the default is none.',
  },
  'file.max.records': {
    type: 'int',
    default: 0,
    ...file,
    order: 4,
    width: 'short',
    validate: between(0, 2_147_483_647),
    doc: 'Number of records of a topic partition after which its objects are completed, besides each commit of offsets; 0 for no limit.',
  },
  'file.name.timestamp.timezone': {
    ...text,
    default: 'Z',
    ...lowFile,
    order: 5,
    validate: timezone,
    doc: 'Time zone of the variable timestamp.',
  },
  'file.name.timestamp.source': {
    ...text,
    default: 'WALLCLOCK',
    ...lowFile,
    order: 6,
    validate: source,
    doc: 'Time of the variable timestamp: wallclock for the current time, event for the timestamp of the record in Kafka.',
  },
})

/** Contents of objects. Source: OutputFormatFragment. */
export const formatSettings = defineConfig({
  'format.output.type': {
    ...text,
    default: 'csv',
    ...format,
    order: 0,
    validate: rule(quoted(outputTypes), (value) => {
      const known: readonly string[] = outputTypes
      const name = String(value ?? '').trim()
      if (name === '') return 'must not be empty or not set'
      return known.includes(name.toLowerCase()) ? undefined : `Supported values are: ${quoted(outputTypes)}`
    }),
    recommender: { validValues: () => outputTypes },
    doc: 'Format of the objects: csv, jsonl for lines of JSON, json for an array, avro or parquet.',
  },
  'format.output.fields': {
    type: 'list',
    default: null,
    ...format,
    order: 0,
    validate: fields,
    recommender: { validValues: () => outputFields },
    doc: 'What is written of each record, in this order: key, value, offset, timestamp, headers. Default: value.',
  },
  'format.output.fields.value.encoding': {
    ...text,
    default: 'base64',
    ...format,
    order: 1,
    validate: named(encodings, `supported values are: ${quoted(encodings)}`),
    recommender: { validValues: () => encodings },
    doc: 'How csv writes values: base64, or none for their bytes.',
  },
  'format.output.envelope': {
    type: 'boolean',
    default: true,
    ...format,
    order: 2,
    width: 'short',
    doc: 'Whether a single field is written as an object with this field. False is not possible with several fields, and has no effect on csv.',
  },
})

/** Names before version 2.6, and what refers only to aws.s3.prefix. */
export const oldOutputSettings = defineConfig({
  output_fields: {
    type: 'list',
    default: null,
    ...medium,
    validate: fields,
    deprecated: 'format.output.fields',
    doc: 'What is written of each record.',
  },
  output_compression: {
    ...text,
    ...medium,
    validate: compression,
    deprecated: 'file.compression.type',
    doc: 'Compression of objects.',
  },
})

export const oldTimestampSettings = defineConfig({
  'timestamp.timezone': {
    ...text,
    default: 'Z',
    ...lowFile,
    order: 0,
    validate: timezone,
    deprecated: 'file.name.timestamp.timezone',
    doc: 'Time zone of the variable timestamp in aws.s3.prefix.',
  },
  'timestamp.source': {
    ...text,
    default: 'WALLCLOCK',
    ...lowFile,
    order: 1,
    validate: source,
    deprecated: 'file.name.timestamp.source',
    doc: 'Time of the variable timestamp in aws.s3.prefix.',
  },
})

const MAX_BACKOFF_MS = 24 * 60 * 60 * 1000

/** Source: BackoffPolicyConfig. */
export const backoffSettings = defineConfig({
  'kafka.retry.backoff.ms': {
    type: 'long',
    default: null,
    ...medium,
    group: 'Retry backoff policy',
    order: 1,
    validate: optional((value) => {
      if (Number(value) < 0) return 'Value must be at least 0'
      return Number(value) > MAX_BACKOFF_MS
        ? `Value must be no more than ${MAX_BACKOFF_MS} (24 hours)`
        : undefined
    }, `[0,...,${MAX_BACKOFF_MS}]`),
    doc: 'Time between attempts to store an object after the storage has failed in spite of aws.s3.backoff.max.retries, in milliseconds. Default: 5000.',
  },
})
