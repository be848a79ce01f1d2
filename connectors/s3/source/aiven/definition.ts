import { between, defineConfig, nonEmpty, type Infer } from '../../../../api/index.ts'
import { asExtensions } from '../../../shared/setting-rules.ts'
import { awsSettings, oldSettings, retrySettings } from '../../aiven/settings/access.ts'
import { medium, named, text } from '../../aiven/settings/rules.ts'

const MIB = 1024 * 1024
export const inputFormats = ['avro', 'parquet', 'jsonl', 'bytes']
export const compressions = ['none', 'gzip', 'snappy', 'zstd']

/** What is read, and where the records go. Source: SourceConfigFragment. */
const sourceSettings = defineConfig({
  'ring.buffer.size': {
    type: 'int',
    default: 1000,
    ...medium,
    validate: between(0),
    doc: 'Number of keys that Aiven’s connector remembers. Without effect: new objects are found whatever their keys are.',
  },
  'max.poll.records': {
    type: 'int',
    default: 500,
    ...medium,
    validate: between(1),
    doc: 'Maximum number of records per poll.',
  },
  'errors.tolerance': {
    type: 'string',
    default: 'none',
    ...medium,
    validate: named(['none', 'all'], 'none or all is expected'),
    doc: 'none: an object that does not have its format fails the task. all: the rest of the object is left out, with a warning. Also sets the tolerance for errors of converters and transforms.',
  },
  'topic': {
    ...text,
    ...medium,
    validate: nonEmpty,
    doc: 'Topic of the records. Default: {{topic}} of file.name.template.',
  },
  'distribution.type': {
    type: 'string',
    default: 'object_hash',
    ...medium,
    validate: named(['object_hash', 'partition'], 'object_hash or partition is expected'),
    doc: 'How objects are divided among tasks: by their keys, or by {{partition}} of file.name.template.',
  },
  'native.start.key': {
    ...text,
    ...medium,
    doc: 'Only objects with keys after this one are read.',
  },
})

/** How objects are read. Source: TransformerFragment. */
const formatSettings = defineConfig({
  'input.format': {
    type: 'string',
    default: 'bytes',
    ...medium,
    group: 'Transformer group',
    validate: named(inputFormats, `${inputFormats.join(', ')} is expected`),
    doc: 'Format of the objects: avro, parquet, jsonl (a JSON value on each line), or bytes.',
  },
  'transformer.max.buffer.size': {
    type: 'int',
    default: 4096,
    ...medium,
    group: 'Transformer group',
    validate: between(1, 2 ** 31 - 1),
    doc: 'Size of a record with input.format=bytes, in bytes. The last record of an object may be smaller.',
  },
})

/** Names of objects. Source: FileNameFragment. */
const fileSettings = defineConfig({
  'file.name.template': {
    ...text,
    ...medium,
    group: 'File',
    examples: ['{{topic}}-{{partition}}-{{start_offset}}', '.*'],
    doc: 'Required. Regular expression that a part of the key of an object must match, with the placeholders {{topic}}, {{partition}}, {{start_offset}} and {{timestamp}}. Other objects are not read.',
  },
  'file.compression.type': {
    type: 'string',
    default: 'none',
    ...medium,
    group: 'File',
    validate: named(compressions, `${compressions.join(', ')} is expected`),
    doc: 'Compression of objects as a whole: none, gzip, snappy or zstd. Without effect for Parquet.',
  },
})

/** Own settings. */
const extensionSettings = asExtensions(
  defineConfig({
    'headrace.s3.poll.interval.ms': {
      type: 'long',
      default: 5000,
      importance: 'medium',
      validate: between(1),
      doc: 'Time between two listings of the bucket, in milliseconds.',
    },
    'headrace.s3.late.window.ms': {
      type: 'long',
      default: 3_600_000,
      importance: 'low',
      validate: between(0),
      doc: 'How long after its time of modification an object may appear in listings, in milliseconds. That time is the start of the upload for an object that was uploaded in parts.',
    },
    'headrace.s3.buffer.max.bytes': {
      type: 'long',
      default: 32 * MIB,
      importance: 'low',
      validate: between(MIB),
      doc: 'Memory of a task for records that wait for Kafka, in bytes.',
    },
  }),
)

/** The settings of Aiven's source, in its order, and own ones at the end. Source: S3SourceConfig.configDef. */
export const aivenSourceConfig = {
  ...awsSettings,
  ...oldSettings,
  ...retrySettings,
  ...sourceSettings,
  ...formatSettings,
  ...fileSettings,
  ...extensionSettings,
}

/** The parsed settings. */
export type AivenSourceConfig = Infer<typeof aivenSourceConfig>
