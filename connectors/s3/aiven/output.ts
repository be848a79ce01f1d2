import type { CompressionName } from '../formats/index.ts'
import type { AivenSinkConfig } from './definition.ts'
import type { OutputField, OutputSettings } from './records/field.ts'
import type { outputTypes } from './settings/output.ts'

export type OutputType = (typeof outputTypes)[number]

/** `format.output.type` */
export const outputType = (config: AivenSinkConfig): OutputType =>
  config['format.output.type'].toLowerCase() as OutputType

/**
 * What is written of each record: `format.output.fields`, or `output_fields`. Source: S3SinkConfig.getOutputFields.
 */
export function outputSettings(config: AivenSinkConfig): OutputSettings {
  const names = config['format.output.fields'] ?? config['output_fields'] ?? ['value']
  const fields = [...new Set(names.map((name) => name.toLowerCase() as OutputField))]
  return { fields, envelope: config['format.output.envelope'] }
}

/**
 * `file.compression.type`, or `output_compression`. Source: S3SinkConfig.getCompressionType. Differs: the default of Parquet
 * is none, as its pages have in Java.
 */
export function outputCompression(config: AivenSinkConfig): CompressionName {
  const name = config['file.compression.type'] ?? config['output_compression']
  if (name !== null) return name.toLowerCase() as CompressionName
  return outputType(config) === 'parquet' ? 'none' : 'gzip'
}

/** The ends of the default names of objects. */
export const extensions: Readonly<Record<CompressionName, string>> = {
  none: '',
  gzip: '.gz',
  snappy: '.snappy',
  zstd: '.zst',
}
