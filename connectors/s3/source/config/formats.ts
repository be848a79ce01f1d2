import { rule } from '../../../../api/index.ts'

/** Formats that objects are read in. */
export type InputFormat = 'json' | 'bytes' | 'text' | 'avro' | 'parquet'

const formats: readonly InputFormat[] = ['json', 'bytes', 'text', 'avro', 'parquet']

/** Compressions of whole objects, for the formats that do not compress by themselves. */
export const compressionNames = ['none', 'gzip', 'zstd', 'snappy'] as const
export type CompressionName = (typeof compressionNames)[number]

/** Simple names of the classes of Confluent's connectors. */
const byClass: Readonly<Record<string, InputFormat>> = {
  Avro: 'avro',
  Json: 'json',
  ByteArray: 'bytes',
  Parquet: 'parquet',
  String: 'text',
}

/** Returns the format that a setting names; undefined for `auto` and unknown ones. */
export function formatNamed(name: string): InputFormat | undefined {
  const lower = name.toLowerCase()
  const known = formats.find((format) => format === lower)
  if (known !== undefined) return known
  const [, simple = ''] = /^io\.confluent\.connect\..*\.(?:CloudStorage)?([A-Z]\w*)Format$/.exec(name) ?? []
  return Object.hasOwn(byClass, simple) ? byClass[simple] : undefined
}

export const formatRule = rule(`[auto, ${formats.join(', ')}, or a class of Confluent]`, (value) => {
  const name = String(value)
  if (name.toLowerCase() === 'auto' || formatNamed(name) !== undefined) return undefined
  return `Java classes cannot be loaded. Expected auto, ${formats.join(', ')}, or AvroFormat, JsonFormat, ByteArrayFormat, ParquetFormat or StringFormat of io.confluent.connect`
})

/** What the extension of an object says. */
export interface Encoding {
  readonly format: InputFormat
  readonly compression: CompressionName
}

const compressionEnds: readonly (readonly [end: string, name: CompressionName])[] = [
  ['.gz', 'gzip'],
  ['.gzip', 'gzip'],
  ['.zst', 'zstd'],
  ['.snappy', 'snappy'],
]

const formatEnds: readonly (readonly [end: string, format: InputFormat])[] = [
  ['.json', 'json'],
  ['.jsonl', 'json'],
  ['.ndjson', 'json'],
  ['.avro', 'avro'],
  ['.parquet', 'parquet'],
  ['.txt', 'text'],
  ['.log', 'text'],
]

/**
 * Returns the format and compression of an object by the end of its key; the format is undefined if the end is not known.
 * `bytesExtension` is that of the format bytes.
 */
export function encodingOf(
  key: string,
  bytesExtension: string,
): { readonly format: InputFormat | undefined; readonly compression: CompressionName } {
  const [end, compression] = compressionEnds.find(([text]) => key.endsWith(text)) ?? ['', 'none']
  const rest = end === '' ? key : key.slice(0, -end.length)
  if (bytesExtension !== '' && rest.endsWith(bytesExtension)) return { format: 'bytes', compression }
  const known = formatEnds.find(([text]) => rest.endsWith(text))
  return { format: known?.[1], compression }
}
