import type { ObjectReader, ObjectSource, SchemaAndValue } from '../ports.ts'
import {
  byteArrayReader,
  compressionNamed,
  defaultAvroData,
  jsonReader,
  textReader,
} from '../formats/index.ts'
import type { CompressionName } from './config/formats.ts'
import type { CreateReader } from './config/plan.ts'
import type { Role } from './plan.ts'
import { unwrappedKeys } from './reading/unwrapped-keys.ts'

export interface ReaderSettings {
  /** Text after each record in the format bytes. If it is empty, an object is one record. */
  readonly separator: string
  /** The largest record in the formats json, bytes and text, in bytes. */
  readonly mostBytes: number
}

/** Returns the function that creates readers. */
export function readerCreator({ separator, mostBytes }: ReaderSettings): CreateReader {
  const layout =
    separator === ''
      ? ({ kind: 'whole', mostBytes } as const)
      : ({ kind: 'separated', separator: Buffer.from(separator), mostBytes } as const)
  return (format, compression, role) => {
    if (format === 'avro') return loadedLater(loadAvro)
    if (format === 'parquet') return loadedLater(() => loadParquet(role))
    const compressed = compressionNamed(compression)
    if (format === 'bytes') return byteArrayReader(compressed, layout)
    return format === 'json' ? jsonReader(compressed, mostBytes) : textReader(compressed, mostBytes)
  }
}

/** Creates a reader of records of `size` bytes each; the last one may be shorter. Source: ByteArrayTransformer. */
export const createChunkReader = (size: number, compression: CompressionName): ObjectReader =>
  byteArrayReader(compressionNamed(compression), { kind: 'fixed', size })

/** The packages of a format are loaded when its first object is read. */
function loadedLater(load: () => Promise<ObjectReader>): ObjectReader {
  let loading: Promise<ObjectReader> | undefined
  async function* read(
    object: ObjectSource,
    skip: number,
    signal: AbortSignal,
  ): AsyncGenerator<readonly SchemaAndValue[]> {
    loading ??= load()
    yield* (await loading).read(object, skip, signal)
  }
  return { read }
}

async function loadAvro(): Promise<ObjectReader> {
  const { avroReader } = await import('../formats/avro/index.ts')
  return avroReader(defaultAvroData)
}

async function loadParquet(role: Role): Promise<ObjectReader> {
  const { parquetReader } = await import('../formats/parquet/index.ts')
  const reader = parquetReader(defaultAvroData)
  return role === 'keys' ? unwrappedKeys(reader) : reader
}
