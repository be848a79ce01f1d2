import { ConnectError, isConnectError, messageOf, type Schema } from '../../../../api/index.ts'
import type { ObjectReader, ObjectSource, SchemaAndValue } from '../../ports.ts'
import { connectSchemaOf, type AvroDataSettings } from '../avro/index.ts'
import { corrupt } from './pages/corrupt.ts'
import { columnSourcesOf } from './read/column-sources.ts'
import { readFooter, type Footer } from './read/footer.ts'
import { readRowGroup, type FileShape } from './read/row-group-reader.ts'
import { connectSchemaFor } from './schema/to-connect.ts'

/** Keys of the Avro schema in the footer; the second is that of old versions of parquet-avro. */
const AVRO_SCHEMA_KEYS = ['parquet.avro.schema', 'avro.schema']

interface SchemaOptions {
  /** Returns the Connect schema of an Avro schema in JSON. May throw. */
  readonly connectSchemaOf: (avroSchema: string) => Schema
}

/**
 * Reads Parquet files: the footer, then row group by row group, in ranges of bytes. A row group that ends before the first
 * wanted value is not read.
 *
 * The Connect schema is that of the Avro schema in the footer, if it has one, so that what the sink wrote comes back
 * equal; else it follows from the types of the columns.
 */
export function parquetReader(settings: AvroDataSettings): ObjectReader {
  return parquetReaderWith({ connectSchemaOf: (text) => connectSchemaOf(text, settings) })
}

/** The reader with Connect schemas of another origin. */
export function parquetReaderWith({ connectSchemaOf: schemaOf }: SchemaOptions): ObjectReader {
  async function* readAll(
    object: ObjectSource,
    skip: number,
    signal: AbortSignal,
  ): AsyncGenerator<readonly SchemaAndValue[]> {
    const footer = await readFooter(object, signal)
    const shape = shapeOf(footer, schemaOf)
    const { schema } = shape
    let left = skip
    for (const rowGroup of footer.rowGroups) {
      if (left < rowGroup.rows) {
        for await (const values of readRowGroup(object, shape, rowGroup, left, signal)) {
          yield values.map((value) => ({ schema, value }))
        }
      }
      left = Math.max(0, left - rowGroup.rows)
    }
  }

  return { read: (object, skip, signal) => explained(object, (source) => readAll(source, skip, signal)) }
}

function shapeOf({ root, metadata }: Footer, schemaOf: (avroSchema: string) => Schema): FileShape {
  const avroSchema = AVRO_SCHEMA_KEYS.map((key) => metadata.get(key)).find((text) => text !== undefined)
  const stored = avroSchema === undefined ? undefined : storedSchema(avroSchema, schemaOf)
  for (const schema of [stored, connectSchemaFor(root)]) {
    const sources = schema && columnSourcesOf(schema, root)
    if (schema !== undefined && sources !== undefined) return { schema, root, sources }
  }
  throw corrupt('its columns have types that are not supported')
}

/** A schema that cannot be used is ignored: the columns have their types. */
function storedSchema(avroSchema: string, schemaOf: (avroSchema: string) => Schema): Schema | undefined {
  try {
    return schemaOf(avroSchema)
  } catch {
    return undefined
  }
}

/** Names the object in errors about its content. Errors of the source itself are passed on as they are. */
async function* explained<T>(
  object: ObjectSource,
  read: (source: ObjectSource) => AsyncIterable<T>,
): AsyncGenerator<T> {
  const ofSource = new Set<unknown>()
  const range: ObjectSource['range'] = (start, end, signal) =>
    object.range(start, end, signal).catch((error: unknown) => {
      ofSource.add(error)
      throw error
    })
  const source: ObjectSource = {
    key: object.key,
    size: object.size,
    stream: (from, signal) => object.stream(from, signal),
    range,
  }
  try {
    yield* read(source)
  } catch (error) {
    const isOther = isConnectError(error) && error.code !== 'HR_DATA_INVALID'
    if (ofSource.has(error) || isOther) throw error
    const message = `The object "${object.key}" cannot be read as Parquet: ${messageOf(error)}`
    throw new ConnectError('HR_DATA_INVALID', message, { cause: error })
  }
}
