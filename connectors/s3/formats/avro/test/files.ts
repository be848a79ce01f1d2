import type { Schema } from '../../../../../api/index.ts'
import type { ObjectSource, SchemaAndValue } from '../../../ports.ts'
import { avroFormat, avroReader, defaultAvroData, type AvroCodec, type AvroDataSettings } from '../index.ts'

export interface FileOptions extends Partial<AvroDataSettings> {
  readonly codec?: AvroCodec
}

/** Resolves to a file with the values. */
export async function fileOf(
  schema: Schema | null,
  values: readonly unknown[],
  { codec = 'null', ...settings }: FileOptions = {},
): Promise<Buffer> {
  const chunks: Buffer[] = []
  const format = avroFormat({ ...defaultAvroData, ...settings, codec })
  const encoder = format.open(schema, (bytes) => chunks.push(bytes))
  for (const value of values) encoder.write(value, schema)
  await encoder.end()
  return Buffer.concat(chunks)
}

/** An object in memory, which is streamed in chunks of this size. */
export function objectOf(content: Buffer, chunk = 1000): ObjectSource {
  return {
    key: 'topics/t/t+0+0.avro',
    size: content.length,
    async *stream(from) {
      for (let at = from; at < content.length; at += chunk) yield content.subarray(at, at + chunk)
    },
    range: (start, end) => Promise.resolve(content.subarray(start, end)),
  }
}

export interface Found {
  readonly values: readonly SchemaAndValue[]
  /** Why reading ended early. */
  readonly error?: unknown
}

/** Reads the values of an object, up to the first error. */
export async function readAll(object: ObjectSource, skip = 0, settings = defaultAvroData): Promise<Found> {
  const values: SchemaAndValue[] = []
  try {
    for await (const batch of avroReader(settings).read(object, skip, new AbortController().signal)) {
      values.push(...batch)
    }
    return { values }
  } catch (error) {
    return { values, error }
  }
}
